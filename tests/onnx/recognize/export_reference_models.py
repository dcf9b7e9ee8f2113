"""Writes models of networks of every kind with the reference trainer's exporter, weights at random, into a folder."""
import functools
import sys

import torch

# The other way of exporting needs a further package.
torch.onnx.export = functools.partial(torch.onnx.export, dynamo=False)
from mlagents.trainers.policy.torch_policy import TorchPolicy
from mlagents.trainers.settings import ConditioningType, EncoderType, NetworkSettings
from mlagents.trainers.torch_entities.model_serialization import ModelSerializer
from mlagents.trainers.torch_entities.networks import SimpleActor
from mlagents_envs.base_env import ActionSpec, BehaviorSpec, DimensionProperty, ObservationSpec, ObservationType

dimensions = {1: ["NONE"], 2: ["VARIABLE_SIZE", "NONE"], 3: ["NONE"] + 2 * ["TRANSLATIONAL_EQUIVARIANCE"]}


def sensor(*shape, goal=False):
    properties = tuple(DimensionProperty[name] for name in dimensions[len(shape)])
    kind = ObservationType.GOAL_SIGNAL if goal else ObservationType.DEFAULT
    return ObservationSpec(shape, properties, kind, "")


def network(memory=None, **settings):
    if memory:
        settings["memory"] = NetworkSettings.MemorySettings(memory_size=memory, sequence_length=4)
    return NetworkSettings(**{"hidden_units": 8, "num_layers": 2, **settings})


vector, entities, camera = sensor(3), sensor(4, 3), sensor(3, 20, 24)
goal = sensor(2, goal=True)
hybrid = ActionSpec(2, (3, 2))
continuous = ActionSpec(2, ())
discrete = ActionSpec(0, (4,))
squashed = {"conditional_sigma": True, "tanh_squash": True}

cases = {
    "vectors": ([vector, sensor(2)], network(normalize=True), hybrid),
    "three_layers": ([vector], network(num_layers=3), continuous),
    "one_layer": ([vector], network(num_layers=1), discrete),
    "simple": ([camera, vector], network(normalize=True), hybrid),
    "nature_cnn": ([sensor(1, 36, 36)], network(vis_encode_type=EncoderType.NATURE_CNN), continuous),
    "resnet": ([sensor(3, 16, 17)], network(vis_encode_type=EncoderType.RESNET), continuous),
    "match3": ([sensor(5, 6, 5), sensor(2)], network(vis_encode_type=EncoderType.MATCH3), discrete),
    "fully_connected": (
        [sensor(2, 3, 4), sensor(1, 3, 4)],
        network(vis_encode_type=EncoderType.FULLY_CONNECTED),
        continuous,
    ),
    "entities": ([entities], network(), continuous),
    "several_entities": ([entities, vector, sensor(5, 2)], network(normalize=True), hybrid),
    "goal": ([vector, goal], network(normalize=True), hybrid),
    "goal_of_one_layer": ([vector, goal], network(num_layers=1), continuous),
    "plain_goal": ([vector, goal], network(goal_conditioning_type=ConditioningType.NONE), continuous),
    "memory": ([vector], network(memory=8, normalize=True), hybrid),
    "everything": (
        [entities, camera, goal, vector, sensor(1, 21, 20, goal=True)],
        network(memory=6, normalize=True),
        hybrid,
    ),
    "sac": ([vector], network(), hybrid),
}

torch.manual_seed(1)
for name, (sensors, settings, actions) in cases.items():
    policy = TorchPolicy(
        1,
        BehaviorSpec(sensors, actions),
        settings,
        SimpleActor,
        squashed if name == "sac" else {"conditional_sigma": False, "tanh_squash": False},
    )
    with torch.no_grad():
        for key, weights in policy.actor.named_parameters():
            # Sizes of outputs and the like are not learned.
            if weights.dim() > 0 and weights.requires_grad:
                inputs = weights[0].numel() if weights.dim() > 1 else 4
                weights.copy_(torch.randn_like(weights) / inputs**0.5)
    for module in policy.actor.modules():
        if type(module).__name__ == "Normalizer":
            module.update(torch.randn(50, module.running_mean.shape[0]) * 2 + 1)
    ModelSerializer(policy).export_policy_model(f"{sys.argv[1]}/{name}")

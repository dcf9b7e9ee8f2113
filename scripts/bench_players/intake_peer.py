"""Messages of a player to arrays by the reference trainer's library.

usage: intake_peer.py FIRST NEXT
"""
import sys

from peer_driver import serve_requests
from mlagents_envs.communicator_objects.unity_message_pb2 import UnityMessageProto
from mlagents_envs.rpc_utils import behavior_spec_from_proto, steps_from_proto

first, following = (open(path, "rb").read() for path in sys.argv[1:])
start = UnityMessageProto.FromString(first).unity_output
(parameters,) = start.rl_initialization_output.brain_parameters
behavior = parameters.brain_name
infos = start.rl_output.agentInfos[behavior].value
spec = behavior_spec_from_proto(parameters, infos[0])


def receive():
    message = UnityMessageProto.FromString(following)
    steps_from_proto(message.unity_output.rl_output.agentInfos[behavior].value, spec)


serve_requests(receive)

/**
 * A policy call for the 12 agents of Unity's 3DBall scene: 2 x 128 units, 8
 * observations, 2 continuous actions, normalised; and for images. Run it with
 * `deno bench -A`.
 */
import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import { normalizerNames } from "../../lib/algo/column_names.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { Rollout } from "../../lib/data/rollout.ts";
import { initializeParameters } from "../../lib/nn/parameters.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import {
  type BehaviorSpec,
  DimensionProperty,
  observationSize,
  vectorObservation,
} from "../../lib/spec.ts";
import type { VisualEncoderName } from "../../lib/nn/visual_encoders.ts";
import { PolicyActor } from "../../lib/train/policy_actor.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { agentRecords } from "../support/agent_records.ts";

const size = 8;
const random = new RandomGenerator(1, "bench");
const normals = (count: number) =>
  Float32Array.from({ length: count }, () => random.normal());

function networksFor(
  spec: BehaviorSpec,
  encoder: VisualEncoderName = "simple",
): PpoNetworks {
  return new PpoNetworks({
    spec,
    normalize: true,
    hidden_units: 128,
    num_layers: 2,
    vis_encode_type: encoder,
    goal_conditioning_type: "hyper",
    signals: 1,
  });
}

const inputsOf = (networks: PpoNetworks) => ({
  ...initializeParameters(networks.parameters, random),
  [normalizerNames.mean(0)]: { data: normals(size), shape: [size] },
  [normalizerNames.scale(0)]: { data: normals(size), shape: [size] },
});

function specOf(discreteBranches: number[]): BehaviorSpec {
  return {
    observationSpecs: [vectorObservation(size)],
    actionSpec: {
      continuousSize: discreteBranches.length > 0 ? 0 : 2,
      discreteBranches,
    },
  };
}

const { none, translational } = DimensionProperty;

const imageSpec: BehaviorSpec = {
  observationSpecs: [{
    name: "Camera",
    shape: [3, 84, 84],
    dimensionProperties: [none, translational, translational],
    observationType: "default",
  }],
  actionSpec: { continuousSize: 2, discreteBranches: [] },
};

/**
 * All that a step needs of the policy: noise, the program, both results; for
 * these numbers of agents by turns.
 */
function benchActor(
  name: string,
  spec: BehaviorSpec,
  turns: readonly number[],
  encoder?: VisualEncoderName,
): void {
  const agents = Math.max(...turns);
  const networks = networksFor(spec, encoder);
  const actor = new PolicyActor(networks, random, false);
  actor.publish(inputsOf(networks));
  const rollout = new Rollout(spec);
  const ids = Array.from({ length: agents }, (_, id) => ({ id }));
  rollout.appendDecisions(agentRecords(spec, ids).decision);
  rollout.observations[0].set(
    normals(agents * observationSize(spec.observationSpecs[0])),
  );
  let call = 0;
  Deno.bench(`policy call, ${name}`, () => {
    actor.act(rollout, 0, turns[call++ % turns.length]);
  });
}

benchActor("12 agents, continuous", specOf([]), [12]);
benchActor("12 agents, two branches", specOf([3, 3]), [12]);
benchActor("1 agent, continuous", specOf([]), [1]);
benchActor("1024 agents, continuous", specOf([]), [1024]);
benchActor("48 agents, continuous", specOf([]), [48]);
// As with four players, of which some have arrived.
benchActor("12 to 48 agents, continuous", specOf([]), [12, 48, 24, 36]);
for (const encoder of ["simple", "nature_cnn", "resnet"] as const) {
  benchActor(`12 images of 84 x 84 x 3, ${encoder}`, imageSpec, [12], encoder);
}

const networks = networksFor(specOf([]));
const session = new NativeSession(lowerProgram(actProgram(networks)), {
  threads: 1,
});
const known = Object.entries(inputsOf(networks)).filter(([name]) =>
  session.inputNames.includes(name)
);
session.bind(Object.fromEntries(known));
const feeds = {
  obs_0: { data: normals(12 * size), shape: [12, size] },
  [actNames.continuousNoise]: { data: normals(12 * 2), shape: [12, 2] },
};
Deno.bench("the program alone, 12 agents, continuous", () => {
  session.run(feeds);
});

import assert from "node:assert/strict";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { vectorObservation } from "../../lib/spec.ts";

function networks(normalize: boolean, branches: number[] = []): PpoNetworks {
  return new PpoNetworks({
    spec: {
      observationSpecs: [vectorObservation(3), vectorObservation(2)],
      actionSpec: { continuousSize: 2, discreteBranches: branches },
    },
    normalize,
    hidden_units: 4,
    num_layers: 1,
    vis_encode_type: "simple",
    goal_conditioning_type: "hyper",
    signals: 2,
  });
}

Deno.test("actor and critic are networks of their own", () => {
  const both = networks(true, [2]);
  const names = (network: "actor" | "critic") =>
    both.parametersOf(network).map(({ name, shape }) => `${name} [${shape}]`);
  assert.deepEqual(names("actor"), [
    "actor.body.0.weight [5,4]",
    "actor.body.0.bias [4]",
    "actor.continuous.weight [4,2]",
    "actor.continuous.bias [2]",
    "actor.continuous.log_sigma [1,2]",
    "actor.discrete.weight [4,2]",
    "actor.discrete.bias [2]",
  ]);
  assert.deepEqual(names("critic"), [
    "critic.body.0.weight [5,4]",
    "critic.body.0.bias [4]",
    "critic.value.weight [4,2]",
    "critic.value.bias [2]",
  ]);
  const all = [...names("actor"), ...names("critic")];
  assert.equal(both.parameters.length, all.length);
});

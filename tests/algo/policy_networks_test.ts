import assert from "node:assert/strict";
import {
  byName,
  type PolicyNetworks,
  scaleActions,
} from "../../lib/algo/policy_networks.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { constant } from "../../lib/tensor/build.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

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

Deno.test("inputs: a sensor each, its normaliser, masks where needed", () => {
  const describe = (nodes: ReturnType<PolicyNetworks["maskInput"]>) =>
    nodes.map(({ attributes, shape }) => `${attributes.name} [${shape}]`);
  const plain = networks(false);
  const sensors = ["obs_0 [rows,3]", "obs_1 [rows,2]"];
  assert.deepEqual(describe(plain.observationInputs("rows")), sensors);
  assert.deepEqual(plain.normalizerInputs(), []);
  assert.deepEqual(plain.maskInput("rows"), []);
  assert.deepEqual(describe(networks(true).normalizerInputs()), [
    "normalizer.0.mean [3]",
    "normalizer.0.scale [3]",
    "normalizer.1.mean [2]",
    "normalizer.1.scale [2]",
  ]);
  const masked = networks(false, [2, 3]).maskInput("rows");
  assert.deepEqual(describe(masked), ["mask [rows,5]"]);
  assert.deepEqual(byName(masked), { mask: masked[0] });
});

Deno.test("each sensor is normalised by its own statistics", () => {
  const vector = (...values: number[]) => constant(Float32Array.from(values));
  const observations = [matrix([1, 2, 3]), matrix([10, 20])];
  const statistics = {
    "normalizer.0.mean": vector(1, 1, 1),
    "normalizer.0.scale": vector(1, 2, 100),
    "normalizer.1.mean": vector(10, 30),
    "normalizer.1.scale": vector(1, 0.25),
  };
  const encoded = networks(true).normalize(observations, statistics);
  assert.deepEqual(encoded.map(valuesOf), [[0, 2, 5], [0, -2.5]]);
  const same = networks(false).normalize(observations, {});
  assert.deepEqual(same, observations);
});

Deno.test("columns of the actions that there are", () => {
  assert.deepEqual(networks(false).actionColumns(), {
    continuous: { shape: [2], dtype: "float32" },
  });
  assert.deepEqual(networks(false, [2, 3]).actionColumns(), {
    continuous: { shape: [2], dtype: "float32" },
    discrete: { shape: [2], dtype: "int32" },
    mask: { shape: [5], dtype: "float32" },
  });
});

Deno.test("the environment receives samples within -3..3, divided by 3", () => {
  const raw = Float32Array.of(-9, -3, 0, 1.5, 3, 9, NaN);
  const scaled = new Float32Array(7);
  scaleActions(raw, scaled);
  assertClose(scaled, [-1, -1, 0, 0.5, 1, 1, NaN], 1e-6);
});

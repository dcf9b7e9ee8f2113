import assert from "node:assert/strict";
import { collectParameters } from "../../lib/nn/parameters.ts";
import { bindParameters } from "../../lib/nn/parameters.ts";
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import {
  actionHeads,
  actor,
  critic,
  squashedHead,
} from "../../lib/nn/policy.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { constant } from "../../lib/tensor/build.ts";
import { staticSize } from "../../lib/tensor/operation.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

/** Networks over vector observations of the given sizes. */
function settingsOf(
  sizes: readonly number[],
  hidden_units: number,
  num_layers: number,
): NetworkSettings {
  return {
    observationSpecs: sizes.map((size) => vectorObservation(size)),
    hidden_units,
    num_layers,
    vis_encode_type: "simple",
    goal_conditioning_type: "hyper",
  };
}

const zeros = (n: number) => constant(new Float32Array(n), [1, n]);

Deno.test("8 inputs, 2 x 128 and 2 actions make 17,924 actor weights", () => {
  const parameters = collectParameters((scope) => {
    const actions = { continuousSize: 2, discreteBranches: [] };
    const settings = settingsOf([8], 128, 2);
    return actor(scope.at("actor"), [zeros(8)], settings, actions);
  });
  const sizes = parameters.map(({ shape }) => staticSize(shape));
  // 8 * 128 + 128, 128 * 128 + 128, 128 * 2 + 2, and 2 log deviations.
  assert.deepEqual(sizes, [1024, 128, 16384, 128, 256, 2, 2]);
  assert.equal(sizes.reduce((sum, size) => sum + size), 17924);
});

Deno.test("a hybrid actor has both heads on one body", () => {
  const names = collectParameters((scope) => {
    const actions = { continuousSize: 1, discreteBranches: [2, 3] };
    const { gaussian, categorical } = actor(
      scope.at("actor"),
      [zeros(4), zeros(3)],
      settingsOf([4, 3], 5, 1),
      actions,
    );
    assert.deepEqual(gaussian?.mean.shape, [1, 1]);
    assert.deepEqual(gaussian?.logSigma.shape, [1, 1]);
    assert.deepEqual(categorical?.logits.shape, [1, 5]);
    assert.deepEqual(categorical?.sizes, [2, 3]);
  }).map(({ name, shape }) => `${name} [${shape}]`);
  assert.deepEqual(names, [
    "actor.body.0.weight [7,5]",
    "actor.body.0.bias [5]",
    "actor.continuous.weight [5,1]",
    "actor.continuous.bias [1]",
    "actor.continuous.log_sigma [1,1]",
    "actor.discrete.weight [5,5]",
    "actor.discrete.bias [5]",
  ]);
});

Deno.test("a kind without actions is absent", () => {
  collectParameters((scope) => {
    const body = settingsOf([1], 2, 1);
    const discrete = { continuousSize: 0, discreteBranches: [2] };
    const continuous = { continuousSize: 2, discreteBranches: [] };
    const of = (actions: typeof discrete) =>
      Object.keys(actor(scope.at("a"), [zeros(1)], body, actions));
    assert.deepEqual(of(discrete), ["categorical"]);
    assert.deepEqual(of({ ...continuous, discreteBranches: [] }), ["gaussian"]);
  });
});

Deno.test("masks lower the logits of forbidden choices", () => {
  const scope = bindParameters({
    "body.0.weight": matrix([1]),
    "body.0.bias": constant(new Float32Array(1)),
    "discrete.weight": matrix([0, 0]),
    "discrete.bias": constant(Float32Array.of(3, 4)),
  });
  const { categorical } = actor(
    scope,
    [matrix([1])],
    settingsOf([1], 1, 1),
    { continuousSize: 0, discreteBranches: [2] },
    matrix([0, 1]),
  );
  assert(categorical);
  assert.deepEqual(valuesOf(categorical.logits), [-1e8, 4]);
});

/** Deviation of what a network's initialiser draws for a weight. */
function deviationOf(
  name: string,
  shape: readonly number[],
  network: Parameters<typeof collectParameters>[0],
): number {
  const spec = collectParameters(network).find((each) => each.name === name);
  assert(spec, name);
  assert.deepEqual(spec.shape, shape);
  const values = spec.initializer(shape, new RandomGenerator(2, name));
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt(squares / values.length);
}

Deno.test("heads begin small, as the reference's do", () => {
  const body = settingsOf([100], 400, 1);
  const actions = { continuousSize: 50, discreteBranches: [50] };
  const network = (scope: Parameters<typeof actor>[0]) =>
    actor(scope.at("a"), [zeros(100)], body, actions);
  const close = (actual: number, expected: number) =>
    assert(Math.abs(actual / expected - 1) < 0.05, `${actual}: ${expected}`);
  // He with gain 1, 0.2 and 0.1: gain / sqrt(inputs).
  close(deviationOf("a.body.0.weight", [100, 400], network), 1 / 10);
  close(deviationOf("a.continuous.weight", [400, 50], network), 0.2 / 20);
  close(deviationOf("a.discrete.weight", [400, 50], network), 0.1 / 20);
  assert.equal(deviationOf("a.continuous.log_sigma", [1, 50], network), 0);
  assert.equal(deviationOf("a.continuous.bias", [50], network), 0);
  // Xavier over 400 inputs and one output: limit sqrt(6 / 401) / sqrt 3.
  const values = (scope: Parameters<typeof critic>[0]) =>
    critic(scope.at("c"), [zeros(100)], body, 100);
  const deviation = Math.sqrt(2 / 401);
  close(deviationOf("c.value.weight", [400, 100], values), deviation);
});

Deno.test("squashed heads: a deviation of every state, within limits", () => {
  const actions = { continuousSize: 50, discreteBranches: [] };
  const heads = (scope: Parameters<typeof actor>[0], code = zeros(400)) =>
    actionHeads(scope.at("a"), code, actions, undefined, squashedHead);
  // He with gain 0.2 for both layers.
  for (const name of ["a.continuous", "a.continuous.log_sigma"]) {
    const found = deviationOf(`${name}.weight`, [400, 50], heads);
    assert(Math.abs(found / (0.2 / 20) - 1) < 0.05, `${name}: ${found}`);
  }
  const one = { continuousSize: 3, discreteBranches: [] };
  const scope = bindParameters({
    "a.continuous.weight": matrix([1, 2, 3]),
    "a.continuous.bias": constant(new Float32Array(3)),
    "a.continuous.log_sigma.weight": matrix([-30, 1, 30]),
    "a.continuous.log_sigma.bias": constant(new Float32Array(3)),
  });
  const code = matrix([1]);
  const made = actionHeads(scope.at("a"), code, one, undefined, squashedHead);
  assert(made.gaussian?.isSquashed);
  assert.deepEqual(valuesOf(made.gaussian.mean), [1, 2, 3]);
  assert.deepEqual(valuesOf(made.gaussian.logSigma), [-20, 1, 2]);
});

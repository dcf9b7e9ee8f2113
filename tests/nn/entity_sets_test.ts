import assert from "node:assert/strict";
import { companions, takeSets } from "../../lib/nn/entity_sets.ts";
import { input, multiply, reshape, sum } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";
import { runLowered } from "../support/lowering.ts";

const sets = [[0, 1], [2, 1], [2, 2]];

Deno.test("every set's entities, row by row and set by set", () => {
  const x = reshape(
    matrix([1, 10], [2, 20], [3, 30], [4, 40], [5, 50], [6, 60]),
    [2, 3, 2],
  );
  const taken = takeSets(x, sets);
  assert.deepEqual(taken.shape, [6, 2, 2]);
  assert.deepEqual(valuesOf(taken), [
    ...[1, 10, 2, 20, 3, 30, 2, 20, 3, 30, 3, 30],
    ...[4, 40, 5, 50, 6, 60, 5, 50, 6, 60, 6, 60],
  ]);
});

Deno.test("members see those of their own set", () => {
  const seen = companions(sets, 3);
  assert.deepEqual(seen.shape, [6, 3]);
  assert.deepEqual(valuesOf(seen), [
    ...[1, 1, 0, 1, 1, 0],
    ...[0, 1, 1, 0, 1, 1],
    ...[0, 0, 1, 0, 0, 1],
  ]);
});

Deno.test("one value of each entity, of any number of rows", () => {
  const x = input("x", ["rows", 3]);
  const weights = input("weights", [1, 2]);
  const taken = takeSets(x, sets);
  assert.deepEqual(taken.shape, ["3*rows", 2]);
  const slope = gradient(sum(multiply(taken, weights)), [x])[0];
  const program = makeProgram("sets", [x, weights], { taken, slope });
  const feeds = {
    x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
    weights: { data: Float32Array.of(1, 10), shape: [1, 2] },
  };
  for (
    const outputs of [runLowered(program, feeds), interpret(program, feeds)]
  ) {
    const { data } = outputs.taken;
    assert.deepEqual([...data], [1, 2, 3, 2, 3, 3, 4, 5, 6, 5, 6, 6]);
    // First places count 1, second ones 10.
    assert.deepEqual([...outputs.slope.data], [1, 20, 12, 1, 20, 12]);
  }
});

import assert from "node:assert/strict";
import {
  flatSize,
  packWeights,
  unpackWeights,
} from "../../lib/algo/flat_weights.ts";
import { zeros } from "../../lib/nn/initializers.ts";
import { constant } from "../../lib/tensor/build.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

const parameters = [
  { name: "a.weight", shape: [2, 3], initializer: zeros },
  { name: "a.bias", shape: [3], initializer: zeros },
];

Deno.test("weights go into one vector and come back by name", () => {
  const weight = matrix([1, 2, 3], [4, 5, 6]);
  const bias = constant(Float32Array.of(7, 8, 9));
  const flat = packWeights([weight, bias]);
  assert.equal(flatSize(parameters), 9);
  assert.deepEqual(valuesOf(flat), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const back = unpackWeights(flat, parameters);
  assert.deepEqual(Object.keys(back), ["a.weight", "a.bias"]);
  assert.deepEqual(back["a.weight"].shape, [2, 3]);
  assert.deepEqual(valuesOf(back["a.weight"]), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(valuesOf(back["a.bias"]), [7, 8, 9]);
});

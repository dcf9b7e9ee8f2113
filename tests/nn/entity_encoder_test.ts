import assert from "node:assert/strict";
import { absentEntities, encodeEntities } from "../../lib/nn/entity_encoder.ts";
import { collectParameters } from "../../lib/nn/parameters.ts";
import { constant, input } from "../../lib/tensor/build.ts";
import { staticSize } from "../../lib/tensor/operation.ts";
import { valuesOf } from "../support/evaluate.ts";

Deno.test("rows whose squares add up to less than 0.01 are absent", () => {
  // 0, 0.0098, 0.0101 and 1: two of them are padding.
  const rows = [0, 0, 0.07, 0.07, -0.1, 0.01, 1, 0];
  const observation = constant(Float32Array.from(rows), [2, 2, 2]);
  const absent = absentEntities(observation);
  assert.deepEqual(absent.shape, [2, 2]);
  assert.deepEqual(valuesOf(absent), [1, 1, 0, 0]);
});

/** Weights of the encoder of two lists, with or without a self. */
const parametersOf = (self: boolean) =>
  collectParameters((scope) => {
    const lists = [input("a", ["n", 5, 3]), input("b", ["n", 2, 7])];
    const own = self ? input("self", ["n", 10]) : undefined;
    const code = encodeEntities(scope.at("e"), lists, own);
    assert.deepEqual(code.shape, ["n", 128]);
  });

Deno.test("every list has an embedding of its own, attention is shared", () => {
  const names = parametersOf(true).map(({ name, shape }) =>
    `${name} [${shape}]`
  );
  assert.deepEqual(names, [
    "e.self.weight [10,128]",
    "e.self.bias [128]",
    "e.embedding.0.weight [3,128]",
    "e.embedding.0.bias [128]",
    "e.embedding.0.self_weight [128,128]",
    "e.embedding.1.weight [7,128]",
    "e.embedding.1.bias [128]",
    "e.embedding.1.self_weight [128,128]",
    "e.attention.queries_keys_values.weight [128,384]",
    "e.attention.queries_keys_values.bias [384]",
    "e.attention.out.weight [128,128]",
    "e.attention.out.bias [128]",
  ]);
});

Deno.test("number of weights, with and without other sensors", () => {
  const total = (self: boolean) =>
    parametersOf(self).reduce((sum, { shape }) => sum + staticSize(shape), 0);
  const attention = 4 * (128 * 128 + 128);
  assert.equal(total(false), (3 + 1 + 7 + 1) * 128 + attention);
  // Embeddings read 128 values more, the self code is a layer of its own.
  const more = 2 * 128 * 128 + (10 + 1) * 128;
  assert.equal(total(true), total(false) + more);
});

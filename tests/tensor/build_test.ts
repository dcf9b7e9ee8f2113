import assert from "node:assert/strict";
import {
  add,
  clamp,
  concat,
  constant,
  equal,
  flatten,
  input,
  integerConstant,
  isScalar,
  layerNorm,
  mean,
  oneHot,
  split,
  square,
  subtract,
  sumTo,
  transpose,
} from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { assertClose } from "../support/closeness.ts";

const floats = (...values: number[]) => constant(Float32Array.from(values));

function valueOf(y: Node): number[] {
  return [...interpret(makeProgram("value", [], { y }), {}).y.data];
}

Deno.test("numbers take the other operand's type", () => {
  assert.equal(add(integerConstant([1]), 2).inputs[1].dtype, "int32");
  assert.equal(subtract(2, floats(1)).inputs[0].dtype, "float32");
  assert.equal(equal(2, integerConstant([1])).inputs[0].dtype, "int32");
  assert.deepEqual(valueOf(add(1, 2)), [3]);
});

Deno.test("clamp limits on both sides", () => {
  assert.deepEqual(valueOf(clamp(floats(-9, 1, 9), -2, 3)), [-2, 1, 3]);
});

Deno.test("square", () => {
  assert.deepEqual(valueOf(square(floats(-3, 2))), [9, 4]);
});

Deno.test("mean divides by the sizes of its axes", () => {
  const x = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  assertClose(valueOf(mean(x)), [3.5]);
  assertClose(valueOf(mean(x, [0])), [2.5, 3.5, 4.5]);
  assert.deepEqual(mean(x, [1], true).shape, [2, 1]);
  const unknown = () => mean(input("x", ["rows", 3]));
  assert.throws(unknown, /known only when the program runs/);
});

Deno.test("layer norm: mean 0 and deviation 1 along the last axis", () => {
  const x = constant(Float32Array.of(1, 3, 5, 5, -8, -2), [3, 2]);
  // Deviations 1, 0 and 3: 1 / sqrt(1 + 1e-5), 0, 3 / sqrt(9 + 1e-5).
  const expected = [-0.999995, 0.999995, 0, 0, -0.9999994, 0.9999994];
  assertClose(valueOf(layerNorm(x)), expected, 1e-6);
});

Deno.test("transpose reverses all axes unless told otherwise", () => {
  assert.deepEqual(transpose(input("x", [2, 3, 4])).shape, [4, 3, 2]);
});

Deno.test("flatten and split", () => {
  const flat = flatten(constant(Float32Array.of(1, 2, 3, 4), [2, 2]));
  const pieces = split(flat, 0, [1, 0, 3]);
  assert.deepEqual(pieces.map(valueOf), [[1], [], [2, 3, 4]]);
});

Deno.test("concat of one part is that part", () => {
  const part = floats(1);
  assert.equal(concat([part], 0), part);
});

Deno.test("one-hot rows", () => {
  const rows = oneHot(integerConstant([2, 0]), 3);
  assert.deepEqual(rows.shape, [2, 3]);
  assert.deepEqual(valueOf(rows), [0, 0, 1, 1, 0, 0]);
});

Deno.test("sumTo undoes broadcasting", () => {
  const x = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 2, 3]);
  assert.deepEqual(valueOf(sumTo(x, [3])), [5, 7, 9]);
  assert.deepEqual(valueOf(sumTo(x, [2, 1])), [6, 15]);
  assert.deepEqual(valueOf(sumTo(x, [])), [21]);
  assert.equal(sumTo(x, [1, 2, 3]), x);
});

Deno.test("isScalar looks at constants of one element", () => {
  assert(isScalar(constant(Float32Array.of(2), [1, 1]), 2));
  assert(!isScalar(constant(2), 3));
  assert(!isScalar(floats(2, 2), 2));
  assert(!isScalar(input("x", []), 2));
});

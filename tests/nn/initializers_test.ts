import assert from "node:assert/strict";
import {
  constantInitializer,
  heNormal,
  normal,
  uniform,
  xavierUniform,
  zeros,
} from "../../lib/nn/initializers.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";

const draw = () => new RandomGenerator(4, "weights");

function meanAndDeviation(values: Float32Array): [number, number] {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / values.length)];
}

Deno.test("constants and zeros", () => {
  assert.deepEqual(zeros([2, 2], draw()), new Float32Array(4));
  assert.deepEqual(
    constantInitializer(0.5)([3], draw()),
    Float32Array.of(0.5, 0.5, 0.5),
  );
});

Deno.test("normal: the deviation does not depend on the shape", () => {
  const values = normal(0.03)([200, 100], draw());
  const [mean, deviation] = meanAndDeviation(values);
  assertClose([mean], [0], 6 * 0.03 / Math.sqrt(values.length));
  assertClose([deviation], [0.03], 6 * 0.03 / Math.sqrt(2 * values.length));
  assert(values.some((value) => Math.abs(value) > 0.09));
});

Deno.test("uniform: up to the limit on both sides", () => {
  const values = uniform(0.2)([50, 100], draw());
  assert(values.every((value) => Math.abs(value) <= 0.2));
  assert(values.some((value) => value > 0.199));
  assert(values.some((value) => value < -0.199));
  const [mean, deviation] = meanAndDeviation(values);
  assertClose([mean], [0], 6 * 0.2 / Math.sqrt(3 * values.length));
  assertClose([deviation], [0.2 / Math.sqrt(3)], 0.004);
});

Deno.test("He: deviation gain over the root of the inputs", () => {
  // 100 inputs, gain 0.2: deviation 0.02; not that of the 400 outputs, 0.01.
  const values = heNormal(0.2)([100, 400], draw());
  const [mean, deviation] = meanAndDeviation(values);
  assertClose([mean], [0], 6 * 0.02 / Math.sqrt(values.length));
  assertClose([deviation], [0.02], 6 * 0.02 / Math.sqrt(2 * values.length));
  // Normal, not uniform: some values lie beyond three deviations.
  assert(values.some((value) => Math.abs(value) > 0.06));
});

Deno.test("Xavier: uniform up to gain times root of 6 over both sizes", () => {
  const limit = 0.5 * Math.sqrt(6 / (100 + 200));
  const values = xavierUniform(0.5)([100, 200], draw());
  assert(values.every((value) => Math.abs(value) <= limit));
  assert(values.some((value) => value > 0.99 * limit));
  assert(values.some((value) => value < -0.99 * limit));
  const [mean, deviation] = meanAndDeviation(values);
  assertClose([mean], [0], 6 * limit / Math.sqrt(3 * values.length));
  assertClose([deviation], [limit / Math.sqrt(3)], 0.002);
});

Deno.test("Xavier for several heads counts the outputs of one", () => {
  const limit = Math.sqrt(6 / (23 + 1));
  const values = xavierUniform(1, 1)([23, 1000], draw());
  assert(values.every((value) => Math.abs(value) <= limit));
  assert(values.some((value) => value > 0.99 * limit));
});

Deno.test("the same generator state gives the same weights", () => {
  const init = heNormal(1);
  assert.deepEqual(init([3, 4], draw()), init([3, 4], draw()));
});

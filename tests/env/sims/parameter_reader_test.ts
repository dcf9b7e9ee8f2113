import assert from "node:assert/strict";
import type { EnvironmentParameter } from "../../../lib/env/env.ts";
import { ParameterReader } from "../../../lib/env/sims/parameter_reader.ts";
import { UserError } from "../../../lib/errors.ts";

const known = ["mass", "scale", "gravity"];

function draws(parameter: EnvironmentParameter, count = 20000, seed = 1) {
  const reader = new ParameterReader(seed, known);
  reader.set({ mass: parameter });
  return Array.from({ length: count }, () => reader.read("mass", 0));
}

function moments(values: number[]) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function close(actual: number, expected: number, tolerance: number): void {
  assert(Math.abs(actual - expected) <= tolerance, `${actual}, ${expected}`);
}

Deno.test("a number is read as it is, a missing one as the fallback", () => {
  const reader = new ParameterReader(1, known);
  assert.equal(reader.read("mass", 3), 3);
  reader.set({ mass: 0.1, gravity: -0 });
  assert.equal(reader.read("mass", 3), 0.1);
  reader.set({ mass: 5 });
  assert.equal(reader.read("mass", 3), 5);
  assert.equal(reader.read("gravity", 3), 0);
});

Deno.test("a uniform sampler covers its interval evenly", () => {
  const values = draws({ kind: "uniform", min: 0.5, max: 10, seed: 4 });
  assert(values.every((value) => value >= 0.5 && value < 10));
  const { mean, deviation } = moments(values);
  close(mean, 5.25, 0.1);
  close(deviation, 9.5 / Math.sqrt(12), 0.05);
});

Deno.test("a Gaussian sampler has its mean and deviation", () => {
  const parameter = { kind: "gaussian", mean: 3, stDev: 0.5, seed: 4 } as const;
  const { mean, deviation } = moments(draws(parameter));
  close(mean, 3, 0.02);
  close(deviation, 0.5, 0.02);
});

Deno.test("several intervals are chosen by their lengths", () => {
  const values = draws({
    kind: "multirangeuniform",
    intervals: [[7, 10], [15, 15], [20, 21]],
    seed: 4,
  });
  const low = values.filter((value) => value >= 7 && value < 10);
  const high = values.filter((value) => value >= 20 && value < 21);
  assert.equal(low.length + high.length, values.length);
  close(low.length / values.length, 0.75, 0.015);
  close(moments(low).mean, 8.5, 0.05);
});

Deno.test("sequences depend on the sampler's and the simulator's seed", () => {
  const uniform = (seed: number): EnvironmentParameter => ({
    kind: "uniform",
    min: 0,
    max: 1,
    seed,
  });
  const values = draws(uniform(1), 5);
  assert.deepEqual(draws(uniform(1), 5), values);
  assert.notDeepEqual(draws(uniform(2), 5), values);
  assert.notDeepEqual(draws(uniform(1), 5, 2), values);
});

Deno.test("an unchanged sampler goes on, a changed one begins anew", () => {
  const uniform = { kind: "uniform", min: 0, max: 1, seed: 1 } as const;
  const expected = draws(uniform, 2);
  const reader = new ParameterReader(1, known);
  reader.set({ mass: uniform });
  assert.equal(reader.read("mass", 0), expected[0]);
  reader.set({ mass: { ...uniform }, scale: 2 });
  assert.equal(reader.read("mass", 0), expected[1]);
  reader.set({ mass: { ...uniform, max: 2 } });
  assert.equal(reader.read("mass", 0), 2 * expected[0]);
});

Deno.test("a snapshot holds values and random states", () => {
  const reader = new ParameterReader(1, known);
  reader.set({
    mass: { kind: "gaussian", mean: 0, stDev: 1, seed: 2 },
    gravity: 4,
  });
  reader.read("mass", 0);
  const state = reader.snapshot();
  const expected = [reader.read("mass", 0), reader.read("mass", 0)];
  const other = new ParameterReader(1, known);
  other.set({ scale: 3 });
  for (let round = 0; round < 2; round++) {
    other.restore(state);
    assert.deepEqual([other.read("mass", 0), other.read("mass", 0)], expected);
    assert.equal(other.read("gravity", 0), 4);
    assert.equal(other.read("scale", 1), 1);
  }
});

Deno.test("an unknown parameter is refused with the nearest name", () => {
  const reader = new ParameterReader(1, known);
  assert.throws(() => reader.set({ gravty: 1 }), (error) => {
    assert(error instanceof UserError);
    assert.match(error.message, /environment_parameters\.gravty/);
    assert.match(error.message, /mass, scale, gravity/);
    assert.match(error.message, /Did you mean "gravity"/);
    return true;
  });
});

Deno.test("a sampler that cannot be drawn from is refused", () => {
  const reader = new ParameterReader(1, known);
  const refused: EnvironmentParameter[] = [
    NaN,
    { kind: "uniform", min: 2, max: 1, seed: 1 },
    { kind: "uniform", min: 0, max: Infinity, seed: 1 },
    { kind: "gaussian", mean: NaN, stDev: 1, seed: 1 },
    { kind: "multirangeuniform", intervals: [], seed: 1 },
    { kind: "multirangeuniform", intervals: [[0, 1], [3, 2]], seed: 1 },
  ];
  for (const mass of refused) {
    assert.throws(() => reader.set({ mass }), UserError);
    assert.equal(reader.read("mass", 7), 7);
  }
});

import type { ParameterSpec } from "../../lib/nn/parameters.ts";
import type { ObservationSpec } from "../../lib/spec.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import type { RandomGenerator } from "../../lib/util/random.ts";

/** Normal numbers around 0. */
export function normals(
  random: RandomGenerator,
  deviation: number,
  shape: readonly number[],
): NamedArray<Float32Array> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const draw = () => deviation * random.normal();
  return { data: Float32Array.from({ length: size }, draw), shape };
}

/** Weights and biases, none of them 0, of a size that keeps codes near 1. */
export function randomWeights(
  parameters: readonly ParameterSpec[],
  random: RandomGenerator,
): Record<string, NamedArray<Float32Array>> {
  return Object.fromEntries(parameters.map(({ name, shape }) => {
    const inputs = shape.length === 4
      ? shape[1] * shape[2] * shape[3]
      : shape.length === 2
      ? shape[0]
      : 4;
    return [name, normals(random, 1 / Math.sqrt(inputs), shape)];
  }));
}

/**
 * Observations `[rows, values]` of a sensor: images between 0 and 1, lists of
 * entities with some of them absent, from all to none.
 */
export function randomObservations(
  { shape }: ObservationSpec,
  rows: number,
  random: RandomGenerator,
): NamedArray<Float32Array> {
  const width = shape.reduce((product, dim) => product * dim, 1);
  const values = normals(random, 1, [rows, width]);
  const { data } = values;
  if (shape.length === 3) {
    for (let i = 0; i < data.length; i++) data[i] = random.uniform();
  }
  if (shape.length === 2) {
    for (let row = 0; row < rows; row++) {
      const present = random.integer(shape[0] + 1);
      data.fill(0, row * width + present * shape[1], (row + 1) * width);
    }
  }
  return values;
}

/** Masks `[rows, sum of branches]` that allow each branch something. */
export function randomMasks(
  branches: readonly number[],
  rows: number,
  random: RandomGenerator,
): NamedArray<Float32Array> {
  const width = branches.reduce((sum, size) => sum + size, 0);
  const data = new Float32Array(rows * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const size of branches) {
      for (let i = 0; i < size; i++) data[at + i] = random.integer(2);
      data[at + random.integer(size)] = 1;
      at += size;
    }
  }
  return { data, shape: [rows, width] };
}

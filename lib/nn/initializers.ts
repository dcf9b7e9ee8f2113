/**
 * Initial weights (reference section 1.1). Weight matrices are stored
 * `[inputs, outputs]`, so fan-in is the first size.
 */
import type { RandomGenerator } from "../util/random.ts";
import type { Initializer } from "./parameters.ts";

function fill(
  shape: readonly number[],
  draw: () => number,
): Float32Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return Float32Array.from({ length: size }, draw);
}

/** Every value the same. */
export function constantInitializer(value: number): Initializer {
  return (shape) => fill(shape, () => value);
}

export const zeros = constantInitializer(0);

/** Normal around 0. */
export function normal(deviation: number): Initializer {
  return (shape, random: RandomGenerator) =>
    fill(shape, () => deviation * random.normal());
}

/** Uniform from -limit to limit. */
export function uniform(limit: number): Initializer {
  return (shape, random: RandomGenerator) =>
    fill(shape, () => random.between(-limit, limit));
}

/** He et al. 2015 with linear gain: normal, deviation gain / sqrt(fan-in). */
export function heNormal(gain: number): Initializer {
  return (shape, random: RandomGenerator) => {
    const deviation = gain / Math.sqrt(shape[0]);
    return fill(shape, () => deviation * random.normal());
  };
}

/**
 * Glorot and Bengio 2010: uniform, limit gain * sqrt(6 / (fan-in + fan-out)).
 * `outputs` overrides the fan-out where a matrix holds several heads.
 */
export function xavierUniform(gain: number, outputs?: number): Initializer {
  return (shape, random: RandomGenerator) => {
    const limit = gain * Math.sqrt(6 / (shape[0] + (outputs ?? shape[1])));
    return fill(shape, () => random.between(-limit, limit));
  };
}

/** Sets of values that observations and actions come from, as in Gymnasium. */
import type { RandomGenerator } from "../../util/random.ts";
import { randomChoice } from "../actions.ts";

/** A set of values that can be drawn from. */
export interface Space<T> {
  /**
   * One of the values at random. In the mask of discrete choices, one branch
   * after the other, 1 = allowed; other spaces take no notice of it.
   */
  sample(random: RandomGenerator, mask?: Uint8Array | null): T;
  contains(value: unknown): value is T;
}

/** Arrays `[...shape]`, flat, of numbers from `low` to `high`. */
export class Box implements Space<Float32Array> {
  readonly low: number;
  readonly high: number;
  readonly #size: number;

  constructor(low: number, high: number, readonly shape: readonly number[]) {
    this.low = Math.fround(low);
    this.high = Math.fround(high);
    this.#size = shape.reduce((product, length) => product * length, 1);
  }

  /** Uniform between two bounds; exponential from one; normal without any. */
  sample(random: RandomGenerator): Float32Array {
    const values = new Float32Array(this.#size);
    for (let i = 0; i < values.length; i++) values[i] = this.#draw(random);
    return values;
  }

  contains(value: unknown): value is Float32Array {
    return value instanceof Float32Array && value.length === this.#size &&
      value.every((each) => each >= this.low && each <= this.high);
  }

  #draw(random: RandomGenerator): number {
    const { low, high } = this;
    const hasLow = low > -Infinity, hasHigh = high < Infinity;
    if (hasLow && hasHigh) return random.between(low, high);
    if (!hasLow && !hasHigh) return random.normal();
    const distance = -Math.log(1 - random.uniform());
    return hasLow ? low + distance : high - distance;
  }
}

/** One choice: 0 .. n-1. */
export class Discrete implements Space<number> {
  constructor(readonly n: number) {}

  sample(random: RandomGenerator, mask?: Uint8Array | null): number {
    return randomChoice(this.n, random, mask);
  }

  contains(value: unknown): value is number {
    return isChoice(value, this.n);
  }
}

/** Several choices at once, `[branches]`: 0 .. nvec[i]-1 in each. */
export class MultiDiscrete implements Space<Int32Array> {
  constructor(readonly nvec: readonly number[]) {}

  sample(random: RandomGenerator, mask?: Uint8Array | null): Int32Array {
    let start = 0;
    return Int32Array.from(this.nvec, (size) => {
      const choice = randomChoice(size, random, mask, start);
      start += size;
      return choice;
    });
  }

  contains(value: unknown): value is Int32Array {
    return value instanceof Int32Array && value.length === this.nvec.length &&
      this.nvec.every((size, branch) => isChoice(value[branch], size));
  }
}

/** One value of each space, in their order. */
export class TupleSpace<T> implements Space<readonly T[]> {
  constructor(readonly spaces: readonly Space<T>[]) {}

  sample(random: RandomGenerator, mask?: Uint8Array | null): readonly T[] {
    return this.spaces.map((space) => space.sample(random, mask));
  }

  contains(value: unknown): value is readonly T[] {
    return Array.isArray(value) && value.length === this.spaces.length &&
      this.spaces.every((space, i) => space.contains(value[i]));
  }
}

function isChoice(value: unknown, choices: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 &&
    value < choices;
}

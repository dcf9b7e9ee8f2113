/**
 * Running normalisation of vector observations (reference 1.3): one
 * pseudo-observation of value 0 and squared deviation 1 is the prior.
 */
import { clamp, multiply, subtract } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";

/** Normalised values stay within these bounds. */
const limit = 5;

/** The statistics as program values, `[n]` each. */
export interface NormalizerNodes {
  readonly mean: Node;
  /** 1 / standard deviation. */
  readonly scale: Node;
}

/** (x - mean) * scale, limited to -5..5: `[batch, n]`. */
export function normalize(x: Node, { mean, scale }: NormalizerNodes): Node {
  return clamp(multiply(subtract(x, mean), scale), -limit, limit);
}

/** The statistics of one vector sensor, updated on the host. */
export class RunningNormalizer {
  readonly size: number;
  #count = 1;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size).fill(1);
  }

  /**
   * Takes in rows of `observations` `[*, size]`:
   * n' = n + k; m' = m + sum(x - m) / n'; S' = S + sum (x - m')(x - m).
   */
  update(observations: Float32Array, rows: ArrayLike<number>): void {
    const { size } = this;
    const count = this.#count + rows.length;
    for (let j = 0; j < size; j++) {
      const mean = this.#mean[j];
      let shift = 0;
      for (let i = 0; i < rows.length; i++) {
        shift += observations[rows[i] * size + j] - mean;
      }
      const next = mean + shift / count;
      let squares = 0;
      for (let i = 0; i < rows.length; i++) {
        const x = observations[rows[i] * size + j];
        squares += (x - next) * (x - mean);
      }
      this.#mean[j] = next;
      this.#squares[j] += squares;
    }
    this.#count = count;
  }

  /** Mean and 1 / deviation, `[size]`, as a program takes them. */
  statistics(): { mean: Float32Array; scale: Float32Array } {
    return {
      mean: Float32Array.from(this.#mean),
      scale: Float32Array.from(
        this.#squares,
        (sum) => 1 / Math.sqrt(sum / this.#count),
      ),
    };
  }

  snapshot(): Record<"count" | "mean" | "squares", NamedArray> {
    return {
      count: { data: Float64Array.of(this.#count), shape: [] },
      mean: { data: this.#mean.slice(), shape: [this.size] },
      squares: { data: this.#squares.slice(), shape: [this.size] },
    };
  }

  restore({ count, mean, squares }: NamedArrays): void {
    this.#count = Number(count.data[0]);
    for (let j = 0; j < this.size; j++) {
      this.#mean[j] = Number(mean.data[j]);
      this.#squares[j] = Number(squares.data[j]);
    }
  }
}

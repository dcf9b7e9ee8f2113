import { observationSize, type ObservationSpec } from "../spec.ts";
import type { NamedArray } from "../util/arrays.ts";
import { takeRows, type Values } from "./replay_column.ts";

/** What the 256 brightnesses of a pixel are as observed values. */
const levels = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * One sensor's observations, a row each. Those of three dimensions take a byte
 * per value for as long as all values are brightnesses `k / 255`, four after
 * that; what is read is what was written.
 */
export class ObservationColumn {
  /** Values per row. */
  readonly width: number;
  #values: Float32Array | Uint8Array;

  /** All rows are zero at first. */
  constructor(spec: ObservationSpec, rows: number) {
    this.width = observationSize(spec);
    const size = rows * this.width;
    this.#values = spec.shape.length === 3
      ? new Uint8Array(size)
      : new Float32Array(size);
  }

  get byteLength(): number {
    return this.#values.byteLength;
  }

  /** Takes over row `from` of `source`, which has the same width. */
  write(row: number, source: Float32Array, from: number): void {
    const { width } = this;
    const start = row * width;
    const first = from * width;
    if (this.#values instanceof Uint8Array) {
      if (this.#writeLevels(this.#values, start, source, first)) return;
      this.#values = brightnesses(this.#values);
    }
    this.#values.set(source.subarray(first, first + width), start);
  }

  /** Copies a row into row `to` of `target`. */
  read(row: number, target: Float32Array, to: number): void {
    const { width } = this;
    const values = this.#values;
    const start = row * width;
    const first = to * width;
    if (values instanceof Float32Array) {
      target.set(values.subarray(start, start + width), first);
      return;
    }
    for (let i = 0; i < width; i++) {
      target[first + i] = levels[values[start + i]];
    }
  }

  /** Makes room for `rows`; the new ones are zero. */
  grow(rows: number): void {
    const size = rows * this.width;
    const larger = this.#values instanceof Uint8Array
      ? new Uint8Array(size)
      : new Float32Array(size);
    larger.set(this.#values);
    this.#values = larger;
  }

  /** The stored values of the given rows, `[rows, width]`. */
  take(rows: Int32Array): NamedArray<Values> {
    return takeRows(this.#values, rows, this.width);
  }

  /** Puts what {@link take} gave into the rows from 0. */
  put(taken: Values): void {
    const isLevels = taken instanceof Uint8Array;
    if (this.#values instanceof Uint8Array && !isLevels) {
      this.#values = brightnesses(this.#values);
    }
    const isStored = this.#values instanceof Uint8Array || !isLevels;
    this.#values.set(isStored ? taken : brightnesses(taken));
  }

  /** False, with the row half written, where a value is no brightness. */
  #writeLevels(
    target: Uint8Array,
    start: number,
    source: Float32Array,
    first: number,
  ): boolean {
    for (let i = 0; i < this.width; i++) {
      const value = source[first + i];
      const level = Math.round(value * 255);
      if (levels[level] !== value) return false;
      target[start + i] = level;
    }
    return true;
  }
}

const brightnesses = (values: Uint8Array): Float32Array =>
  Float32Array.from(values, (level) => levels[level]);

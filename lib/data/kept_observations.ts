/** Observations that no decision follows, each with a number of its own. */
import type { ObservationSpec } from "../spec.ts";
import type { NamedArray } from "../util/arrays.ts";
import { ObservationColumn } from "./observation_column.ts";
import type { Values } from "./replay_column.ts";

/** Room at first. */
const smallest = 16;

export class KeptObservations {
  readonly #columns: readonly ObservationColumn[];
  /** Numbers that may be given again, the latest first. */
  readonly #free: number[] = [];
  #used = 0;
  #capacity = smallest;

  constructor(specs: readonly ObservationSpec[]) {
    this.#columns = specs.map((spec) => new ObservationColumn(spec, smallest));
  }

  get byteLength(): number {
    return this.#columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Keeps row `row` of all sensors and returns its number. */
  keep(observations: readonly Float32Array[], row: number): number {
    const number = this.#free.pop() ?? this.#used++;
    if (this.#used > this.#capacity) {
      this.#capacity *= 2;
      for (const column of this.#columns) column.grow(this.#capacity);
    }
    this.#columns.forEach((column, sensor) =>
      column.write(number, observations[sensor], row)
    );
    return number;
  }

  /** Lets one go. */
  release(number: number): void {
    this.#free.push(number);
  }

  /** Copies one sensor's observation into row `to` of `target`. */
  read(number: number, sensor: number, target: Float32Array, to: number): void {
    this.#columns[sensor].read(number, target, to);
  }

  /** The observations of the given numbers, by sensor. */
  take(numbers: Int32Array): NamedArray<Values>[] {
    return this.#columns.map((column) => column.take(numbers));
  }

  /** Begins anew with what {@link take} gave, numbered from 0. */
  put(count: number, taken: readonly Values[]): void {
    this.#free.length = 0;
    this.#used = count;
    while (this.#capacity < count) this.#capacity *= 2;
    this.#columns.forEach((column, sensor) => {
      column.grow(this.#capacity);
      column.put(taken[sensor]);
    });
  }
}

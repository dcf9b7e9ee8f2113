import { arrayNamed, type NamedArrays, vectorArray } from "../util/arrays.ts";
import type { Segment } from "./collector.ts";

/** Finished experience that waits for the next update. */
export class SegmentList {
  readonly #sequenceLength: number;
  #segments: Segment[] = [];
  #rows = 0;

  /** Every segment is padded to whole sequences of this length. */
  constructor(sequenceLength = 1) {
    this.#sequenceLength = sequenceLength;
  }

  /** Decisions in all segments together, and their padding (K-19). */
  get rows(): number {
    return this.#rows;
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
    const length = this.#sequenceLength;
    this.#rows += Math.ceil(segment.rows.length / length) * length;
  }

  clear(): void {
    this.#segments = [];
    this.#rows = 0;
  }

  snapshot(): NamedArrays {
    const each = (pick: (segment: Segment) => number) =>
      vectorArray(Int32Array.from(this.#segments, pick));
    return {
      lengths: each(({ rows }) => rows.length),
      bootstraps: each(({ bootstrapRow }) => bootstrapRow),
      rows: vectorArray(
        Int32Array.from(this.#segments.flatMap(({ rows }) => [...rows])),
      ),
    };
  }

  restore(state: NamedArrays): void {
    this.clear();
    const numbers = (name: string) =>
      Int32Array.from(arrayNamed(state, name).data, Number);
    const [lengths, bootstraps, rows] = ["lengths", "bootstraps", "rows"]
      .map(numbers);
    let start = 0;
    lengths.forEach((length, i) => {
      this.add({
        rows: rows.slice(start, start + length),
        bootstrapRow: bootstraps[i],
      });
      start += length;
    });
  }
}

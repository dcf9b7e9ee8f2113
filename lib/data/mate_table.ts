/** Which rows of a rollout are mates: numbers of rows, as the rows come. */
import type { NamedArray } from "../util/arrays.ts";
import type { GroupColumns } from "./group_columns.ts";

/** A table that grows in both directions; new rows have no mates. */
export class MateTable implements GroupColumns {
  /** `[rows, widest]`, -1 where there are fewer; longer than the rollout. */
  mates: Int32Array<ArrayBuffer>;
  /** Most mates that any row has ever had. */
  widest = 0;
  #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
    this.mates = new Int32Array(0);
  }

  /** The mates of a row. */
  of(row: number): Int32Array {
    const { mates, widest } = this;
    const all = mates.subarray(row * widest, (row + 1) * widest);
    return all.filter((mate) => mate >= 0);
  }

  /** Notes the mates of a row that has none so far. */
  set(row: number, mates: readonly number[]): void {
    if (mates.length > this.widest) this.#resize(this.#rows, mates.length);
    this.mates.set(mates, row * this.widest);
  }

  /** Makes room for so many rows. */
  reserve(rows: number): void {
    if (rows > this.#rows) this.#resize(rows, this.widest);
  }

  /**
   * Keeps only `rows`, which ascend, of the first `size`; they become rows 0, 1,
   * 2 ... Mates that are not kept are mates no more.
   */
  keep(rows: Int32Array, size: number): void {
    const { mates, widest } = this;
    const moved = new Int32Array(size).fill(-1);
    rows.forEach((from, to) => moved[from] = to);
    rows.forEach((from, to) => {
      const left = Array.from(this.of(from), (mate) => moved[mate])
        .filter((mate) => mate >= 0);
      mates.fill(-1, to * widest, (to + 1) * widest);
      mates.set(left, to * widest);
    });
    mates.fill(-1, rows.length * widest, size * widest);
  }

  snapshot(size: number): NamedArray<Int32Array> {
    const { widest } = this;
    return { data: this.mates.slice(0, size * widest), shape: [size, widest] };
  }

  /** Takes over a snapshot in place of rows that were given up. */
  restore({ data, shape: [rows, widest] }: NamedArray): void {
    this.widest = 0;
    this.#resize(Math.max(this.#rows, rows), widest);
    for (let i = 0; i < data.length; i++) this.mates[i] = Number(data[i]);
  }

  #resize(rows: number, widest: number): void {
    const larger = new Int32Array(rows * widest).fill(-1);
    for (let row = 0; row < this.#rows && this.widest > 0; row++) {
      const start = row * this.widest;
      const own = this.mates.subarray(start, start + this.widest);
      larger.set(own, row * widest);
    }
    this.mates = larger;
    this.#rows = rows;
    this.widest = widest;
  }
}

/** Outputs of an evaluation, put together row by row of the rollout. */
import type { NamedArray } from "../util/arrays.ts";

export class EvaluatedRows {
  /** By output, `[rows, ...]` each; 0 where nothing was put. */
  readonly columns: Record<string, NamedArray<Float32Array>> = {};
  readonly #size: number;

  /** `size` rows. */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Puts an output to `rows`, -1 for what is nobody's; a single value is that of
   * them all.
   */
  set(
    name: string,
    { data, shape: [count, ...rest] }: NamedArray,
    rows: ArrayLike<number>,
  ): void {
    const width = data.length / count;
    const column = this.columns[name] ??= {
      data: new Float32Array(this.#size * width),
      shape: [this.#size, ...rest],
    };
    for (let i = 0; i < rows.length; i++) {
      const from = count === 1 ? 0 : i * width;
      for (let k = 0; k < width && rows[i] >= 0; k++) {
        column.data[rows[i] * width + k] = Number(data[from + k]);
      }
    }
  }
}

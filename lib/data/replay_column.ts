/** Columns of a replay: values by row, and how they go into a saved state. */
import { UserError } from "../errors.ts";
import { type ActionSpec, branchTotal } from "../spec.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";

export type Values = Float32Array | Int32Array | Uint8Array;

/** `width` values per row. */
export interface Column<Name extends string = string> {
  readonly name: Name;
  readonly values: Values;
  readonly width: number;
}

/** What a rollout, a replay and a sample have of each row but observations. */
export type RowName = "rewards" | "continuous" | "discrete" | "mask";

/** The columns of these names, for so many rows. */
export function rowColumns(spec: ActionSpec, rows: number): Column<RowName>[] {
  const { continuousSize, discreteBranches } = spec;
  const branches = discreteBranches.length;
  const choices = branchTotal(spec);
  const continuous = new Float32Array(rows * continuousSize);
  const discrete = new Int32Array(rows * branches);
  return [
    { name: "rewards", values: new Float32Array(rows), width: 1 },
    { name: "continuous", values: continuous, width: continuousSize },
    { name: "discrete", values: discrete, width: branches },
    { name: "mask", values: new Uint8Array(rows * choices), width: choices },
  ];
}

/** Copies row `from` of one column into row `to` of another. */
export function copyRow(
  source: Values,
  from: number,
  target: Values,
  to: number,
  width: number,
): void {
  const first = from * width;
  const start = to * width;
  for (let i = 0; i < width; i++) target[start + i] = source[first + i];
}

/** The given rows, `[rows, width]`, in a column of the same type. */
export function takeRows(
  values: Values,
  rows: Int32Array,
  width: number,
): NamedArray<Values> {
  const size = rows.length * width;
  const data = values instanceof Float32Array
    ? new Float32Array(size)
    : values instanceof Int32Array
    ? new Int32Array(size)
    : new Uint8Array(size);
  rows.forEach((row, i) =>
    data.set(values.subarray(row * width, (row + 1) * width), i * width)
  );
  return { data, shape: [rows.length, width] };
}

/** A saved column. Throws UserError when it is not `[rows, width]`. */
export function savedValues(
  state: NamedArrays,
  name: string,
  rows: number,
  width: number,
): Values {
  const array = state[name];
  const shape = [rows, width];
  if (
    array && array.shape.join() === shape.join() &&
    (array.data instanceof Float32Array || array.data instanceof Int32Array ||
      array.data instanceof Uint8Array)
  ) return array.data;
  throw new UserError({
    what: `the saved replay's "${name}" does not fit this run`,
    found: array ? `[${array.shape.join(", ")}]` : "nothing of that name",
    allowed: `[${shape.join(", ")}]`,
    cure: "Use the environment and the memory settings that it was collected " +
      "with, or remove its .replay.safetensors.gz file to go on with an " +
      "empty replay buffer.",
  });
}

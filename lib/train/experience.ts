/** Experience as the programs take it. */
import { columnNames } from "../algo/column_names.ts";
import type { Rollout } from "../data/rollout.ts";
import { branchTotal } from "../spec.ts";
import type { NamedArray } from "../util/arrays.ts";

/** A column of experience, `[rows, n]`. */
export type ExperienceColumn = NamedArray<Float32Array | Int32Array>;

/**
 * The rows in use, `[rows, ...]` each, as they lie in the rollout: whoever hands
 * them over must copy them.
 */
export function experienceColumns(
  rollout: Rollout,
): Record<string, ExperienceColumn> {
  const { actionSpec } = rollout.spec;
  const { continuousSize, discreteBranches } = actionSpec;
  const { size } = rollout;
  const take = (column: Float32Array | Int32Array, width: number) => ({
    data: column.subarray(0, size * width),
    shape: [size, width],
  });
  const columns: Record<string, ExperienceColumn> = {};
  rollout.observationSizes.forEach((n, sensor) => {
    const name = columnNames.observation(sensor);
    columns[name] = take(rollout.observations[sensor], n);
  });
  if (continuousSize > 0) {
    columns[columnNames.continuous] = take(rollout.continuous, continuousSize);
  }
  const branches = discreteBranches.length;
  if (branches > 0) {
    columns[columnNames.discrete] = take(rollout.discrete, branches);
    columns[columnNames.mask] = take(rollout.mask, branchTotal(actionSpec));
  }
  return columns;
}

/** Copies of the rows `from .. to-1` of all columns. */
export function takeRange(
  columns: Readonly<Record<string, ExperienceColumn>>,
  from: number,
  to: number,
): Record<string, ExperienceColumn> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { data, shape: [, width] }]) => [
      name,
      { data: data.slice(from * width, to * width), shape: [to - from, width] },
    ]),
  );
}

/** Copies of the given rows of all columns, in that order. */
export function takeRows(
  columns: Readonly<Record<string, ExperienceColumn>>,
  rows: Int32Array,
): Record<string, ExperienceColumn> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { data, shape: [, width] }]) => {
      const size = rows.length * width;
      const taken = data instanceof Int32Array
        ? new Int32Array(size)
        : new Float32Array(size);
      rows.forEach((row, i) =>
        taken.set(data.subarray(row * width, (row + 1) * width), i * width)
      );
      return [name, { data: taken, shape: [rows.length, width] }];
    }),
  );
}

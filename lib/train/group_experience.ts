/** Experience of groups as the programs take it. */
import { columnNames } from "../algo/column_names.ts";
import { updateNames } from "../algo/update_program.ts";
import type { GroupColumns } from "../data/group_columns.ts";
import {
  type NamedArray,
  type NamedArrays,
  vectorArray,
} from "../util/arrays.ts";
import { type ExperienceColumn, takeRows } from "./experience.ts";

/**
 * Rows of the mates of `rows`, `[rows, mates]`; none where agents have no mates.
 * `numberOf` says where a mate's row is.
 */
export function mateColumn(
  { mates, widest }: GroupColumns,
  rows: Iterable<number>,
  most: number,
  numberOf: (row: number) => number = (row) => row,
): Record<string, NamedArray<Int32Array>> {
  if (most === 0) return {};
  const numbers: number[] = [];
  let count = 0;
  for (const row of rows) {
    count++;
    for (let i = 0; i < most; i++) {
      const mate = i < widest ? mates[row * widest + i] : -1;
      numbers.push(mate < 0 ? -1 : numberOf(mate));
    }
  }
  const data = Int32Array.from(numbers);
  return { [columnNames.mates]: { data, shape: [count, most] } };
}

/**
 * What the evaluation reads of the given rows, with at most `most` mates each:
 * every row that is needed once, and where the given ones and their mates are.
 */
export function groupRows(
  columns: Readonly<Record<string, ExperienceColumn>>,
  groups: GroupColumns,
  rows: Int32Array,
  most: number,
): NamedArrays {
  const numbers = new Map<number, number>();
  const numberOf = (row: number) => {
    const number = numbers.get(row) ?? numbers.size;
    numbers.set(row, number);
    return number;
  };
  const own = rows.map(numberOf);
  const mates = mateColumn(groups, rows, most, numberOf);
  return {
    ...takeRows(columns, Int32Array.from(numbers.keys())),
    ...mates,
    [updateNames.rows]: vectorArray(own),
  };
}

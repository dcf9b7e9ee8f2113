import assert from "node:assert/strict";
import { EvaluatedRows } from "../../lib/train/evaluated_rows.ts";

const array = (data: number[], ...shape: number[]) => ({
  data: Float32Array.from(data),
  shape,
});

Deno.test("outputs of several calls lie where their rows are", () => {
  const rows = new EvaluatedRows(4);
  rows.set("values", array([1, 2, 3, 4, 5, 6], 3, 2), [3, -1, 0]);
  rows.set("values", array([7, 8], 1, 2), Int32Array.of(2));
  assert.deepEqual(rows.columns, {
    values: array([5, 6, 0, 0, 7, 8, 1, 2], 4, 2),
  });
});

Deno.test("a single value is that of all rows", () => {
  const rows = new EvaluatedRows(3);
  rows.set("entropy", array([9], 1), [0, 2]);
  assert.deepEqual(rows.columns, { entropy: array([9, 0, 9], 3) });
});

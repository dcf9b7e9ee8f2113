import assert from "node:assert/strict";
import { undoFilters } from "../../../../lib/env/unity/images/png_filters.ts";

Deno.test("differences to the left, above, to the mean and to the nearest", () => {
  const rows = Uint8Array.from([
    ...[1, 10, 10, 10],
    ...[2, 1, 2, 3],
    // Guesses: (0 + 11) / 2, (200 + 22) / 2, (100 + 33) / 2, rounded down.
    ...[3, 195, 256 - 11, 256 - 59],
    // Guesses: 200 above; 9 on the left, nearest to -91; 7 above, to -85.
    ...[4, 65, 255, 243],
  ]);
  assert.equal(undoFilters(rows, 4, 4, 1), true);
  assert.deepEqual(
    [...rows],
    [1, 10, 20, 30, 2, 11, 22, 33, 3, 200, 100, 7, 4, 9, 8, 250],
  );
});

Deno.test("above the first row and left of the first pixel are zeros", () => {
  for (const [filter, expected] of [[2, [5, 6, 7, 8]], [4, [5, 6, 12, 14]]]) {
    const rows = Uint8Array.of(Number(filter), 5, 6, 7, 8);
    undoFilters(rows, 1, 5, 2);
    assert.deepEqual([...rows.subarray(1)], expected);
  }
  const rows = Uint8Array.of(3, 6, 8, 1, 1);
  undoFilters(rows, 1, 5, 2);
  assert.deepEqual([...rows.subarray(1)], [6, 8, 4, 5]);
});

Deno.test("unknown filters are refused", () => {
  assert.equal(undoFilters(Uint8Array.of(5, 1), 1, 2, 1), false);
  assert.equal(undoFilters(Uint8Array.of(0, 1), 1, 2, 1), true);
});

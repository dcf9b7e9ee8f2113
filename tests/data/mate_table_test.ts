import assert from "node:assert/strict";
import { MateTable } from "../../lib/data/mate_table.ts";

Deno.test("rows have no mates until they are told", () => {
  const table = new MateTable(2);
  assert.deepEqual([table.widest, [...table.of(1)]], [0, []]);
  table.set(1, [0]);
  assert.deepEqual([...table.mates], [-1, 0]);
  // The widest row decides for all.
  table.set(0, [5, 6, 7]);
  assert.equal(table.widest, 3);
  assert.deepEqual([...table.mates], [5, 6, 7, 0, -1, -1]);
  assert.deepEqual([...table.of(1)], [0]);
});

Deno.test("more rows begin without mates", () => {
  const table = new MateTable(1);
  table.set(0, [3]);
  table.reserve(3);
  assert.deepEqual([...table.mates], [3, -1, -1]);
  table.reserve(2);
  assert.deepEqual([...table.mates], [3, -1, -1]);
});

Deno.test("kept rows keep the mates that are kept, by their new numbers", () => {
  const table = new MateTable(5);
  table.set(1, [0, 2]);
  table.set(2, [0, 1]);
  table.set(4, [3]);
  table.keep(Int32Array.of(1, 2, 4), 5);
  assert.deepEqual([...table.mates].slice(0, 6), [1, -1, 0, -1, -1, -1]);
  // New rows find nothing of the old ones, and the width stays.
  assert.deepEqual([...table.mates].slice(6), [-1, -1, -1, -1]);
  assert.equal(table.widest, 2);
});

Deno.test("a restored table is the saved one, whatever was there before", () => {
  const saved = new MateTable(2);
  saved.set(0, [1]);
  saved.set(1, [0]);
  const restored = new MateTable(3);
  restored.set(2, [0, 1]);
  restored.restore(saved.snapshot(2));
  assert.equal(restored.widest, 1);
  assert.deepEqual([...restored.mates], [1, 0, -1]);
  assert.deepEqual(restored.snapshot(2), saved.snapshot(2));
});

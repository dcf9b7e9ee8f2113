import assert from "node:assert/strict";
import { SegmentList } from "../../lib/train/segment_list.ts";

const segments = [
  { rows: Int32Array.of(0, 2, 4), bootstrapRow: 6 },
  { rows: Int32Array.of(1), bootstrapRow: -1 },
  { rows: Int32Array.of(3, 5), bootstrapRow: 7 },
];

Deno.test("segments wait in order; decisions are counted", () => {
  const list = new SegmentList();
  segments.forEach((segment) => list.add(segment));
  assert.equal(list.rows, 6);
  assert.deepEqual(list.all, segments);
  list.clear();
  assert.deepEqual([list.rows, list.all], [0, []]);
});

Deno.test("a snapshot restores all of it, whatever was there before", () => {
  const list = new SegmentList();
  segments.forEach((segment) => list.add(segment));
  const restored = new SegmentList();
  restored.add(segments[0]);
  restored.restore(list.snapshot());
  assert.equal(restored.rows, 6);
  assert.deepEqual(restored.all, segments);
  restored.restore(new SegmentList().snapshot());
  assert.deepEqual([restored.rows, restored.all], [0, []]);
});

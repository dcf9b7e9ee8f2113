import assert from "node:assert/strict";
import { FrameStack } from "../../../../lib/env/sims/planar/frame_stack.ts";

function see(stack: FrameStack, agent: number, frame: number[]): number[] {
  stack.frames.set(frame, stack.shift(agent));
  const column = new Float32Array(12);
  stack.copyTo(column, 1, agent);
  assert(column.subarray(0, 6).every((value) => value === 0));
  return [...column.subarray(6)];
}

Deno.test("frames stand oldest first, with zeros before the first", () => {
  const stack = new FrameStack(2, 3, 2);
  assert.deepEqual(see(stack, 1, [1, 2]), [0, 0, 0, 0, 1, 2]);
  assert.deepEqual(see(stack, 1, [3, 4]), [0, 0, 1, 2, 3, 4]);
  assert.deepEqual(see(stack, 0, [9, 9]), [0, 0, 0, 0, 9, 9]);
  assert.deepEqual(see(stack, 1, [5, 6]), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(see(stack, 1, [7, 8]), [3, 4, 5, 6, 7, 8]);
  stack.clear(1);
  assert.deepEqual(see(stack, 1, [1, 2]), [0, 0, 0, 0, 1, 2]);
  assert.deepEqual(see(stack, 0, [8, 8]), [0, 0, 9, 9, 8, 8]);
});

import assert from "node:assert/strict";
import { buffersOf } from "../../lib/runtime/worker_protocol.ts";

Deno.test("every buffer is handed over once", () => {
  const shared = new Float32Array(4);
  const other = new Int32Array(2);
  const buffers = buffersOf({
    a: { data: shared.subarray(0, 2), shape: [2] },
    b: { data: shared.subarray(2), shape: [2] },
    c: { data: other, shape: [2] },
  });
  assert.equal(buffers.length, 2);
  assert(buffers.includes(shared.buffer) && buffers.includes(other.buffer));
});

Deno.test("memory that threads share stays where it is", () => {
  const data = new Float32Array(new SharedArrayBuffer(8));
  assert.deepEqual(buffersOf({ a: { data, shape: [2] } }), []);
});

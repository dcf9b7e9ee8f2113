import assert from "node:assert/strict";
import { BodyBuffer } from "../../../../lib/env/unity/wire/body_buffer.ts";
import { toBody } from "../../../../lib/env/unity/wire/grpc_messages.ts";

Deno.test("pieces of any size make up the body", () => {
  const body = toBody(Uint8Array.from({ length: 100 }, (_, i) => i));
  const buffer = new BodyBuffer(1000);
  for (const size of [1, 2, 4, 5, 7, 104, 105]) {
    for (let at = 0; at < body.length; at += size) {
      buffer.add(body.subarray(at, at + size));
    }
    assert.deepEqual(buffer.take(), body, `pieces of ${size}`);
  }
  assert.deepEqual(buffer.take(), new Uint8Array());
});

Deno.test("a body of one piece is not copied", () => {
  const buffer = new BodyBuffer(10);
  const piece = Uint8Array.of(1, 2, 3);
  buffer.add(piece);
  assert.equal(buffer.take()?.buffer, piece.buffer);
});

Deno.test("pieces that follow are copied once, to their place", () => {
  const body = toBody(new Uint8Array(50));
  const buffer = new BodyBuffer(1000);
  for (const byte of body) buffer.add(Uint8Array.of(byte));
  assert.equal(buffer.take()?.buffer.byteLength, body.length);
});

Deno.test("what a body announces is not believed beyond the limit", () => {
  const buffer = new BodyBuffer(100);
  buffer.add(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff));
  buffer.add(Uint8Array.of(7));
  const body = buffer.take();
  assert.deepEqual(body, Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff, 7));
  assert.equal(body?.buffer.byteLength, 100);
  // Nor is it taken for the end.
  buffer.add(Uint8Array.of(0, 0, 0, 0, 1));
  for (let i = 0; i < 10; i++) buffer.add(Uint8Array.of(i));
  assert.equal(buffer.take()?.length, 15);
});

Deno.test("a body beyond the limit is dropped, the next one is kept", () => {
  const buffer = new BodyBuffer(4);
  for (const size of [3, 2, 1]) buffer.add(new Uint8Array(size));
  assert.equal(buffer.take(), null);
  buffer.add(new Uint8Array(5));
  assert.equal(buffer.take(), null);
  buffer.add(Uint8Array.of(1, 2));
  buffer.add(Uint8Array.of(3, 4));
  assert.deepEqual(buffer.take(), Uint8Array.of(1, 2, 3, 4));
});

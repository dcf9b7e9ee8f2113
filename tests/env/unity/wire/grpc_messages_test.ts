import assert from "node:assert/strict";
import {
  fromBody,
  refusal,
  responseTrailers,
  toBody,
} from "../../../../lib/env/unity/wire/grpc_messages.ts";

Deno.test("a message gets its length in front and loses it again", () => {
  const message = new Uint8Array(300).fill(7);
  const body = toBody(message);
  assert.deepEqual([...body.subarray(0, 6)], [0, 0, 0, 1, 44, 7]);
  assert.deepEqual(fromBody(body), message);
  assert.deepEqual(fromBody(toBody(new Uint8Array())), new Uint8Array());
});

Deno.test("incomplete, surplus and compressed bodies hold no message", () => {
  const body = toBody(Uint8Array.of(1, 2, 3));
  assert.equal(fromBody(new Uint8Array()), null);
  assert.equal(fromBody(body.subarray(0, 4)), null);
  assert.equal(fromBody(body.subarray(0, 7)), null);
  assert.equal(fromBody(Uint8Array.of(...body, 4)), null);
  assert.equal(fromBody(Uint8Array.of(1, ...body.subarray(1))), null);
});

Deno.test("header fields are plain names and values", () => {
  const text = (block: Uint8Array) => new TextDecoder().decode(block);
  assert.equal(text(responseTrailers), "\0\x0bgrpc-status\x010");
  assert(text(refusal(8, "no")).endsWith("\0\x0cgrpc-message\x02no"));
});

import assert from "node:assert/strict";
import {
  Channel,
  hexText,
  joinMessages,
  splitMessages,
} from "../../../../lib/env/unity/side_channels/framing.ts";
import { UserError } from "../../../../lib/errors.ts";

Deno.test("messages go there and back in their order", () => {
  const messages = [
    { channel: Channel.statistics, payload: Uint8Array.of(1, 2) },
    { channel: Channel.engineConfiguration, payload: Uint8Array.of() },
    { channel: Channel.statistics, payload: Uint8Array.of(3) },
  ];
  assert.deepEqual(splitMessages(joinMessages(messages)), messages);
  assert.deepEqual(splitMessages(new Uint8Array()), []);
});

Deno.test("channel ids have .NET's byte order", () => {
  const block = joinMessages([
    { channel: Channel.statistics, payload: Uint8Array.of(7) },
  ]);
  assert.deepEqual([...block], [
    ...[0xb7, 0xf7, 0xd8, 0xa1, 0xc8, 0xce, 0xf9, 0x50],
    ...[0xb7, 0x8b, 0xd3, 0xe1, 0x65, 0xa7, 0x85, 0x20],
    ...[1, 0, 0, 0, 7],
  ]);
});

Deno.test("damaged blocks are errors that name channel and bytes", () => {
  const block = joinMessages([
    { channel: Channel.engineConfiguration, payload: Uint8Array.of(1) },
    { channel: Channel.statistics, payload: Uint8Array.of(7, 8) },
  ]);
  const refuse = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(() => splitMessages(bytes), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  for (const left of [1, 15, 16, 19]) {
    const cut = block.subarray(0, 21 + left);
    refuse(cut, new RegExp(`damaged \\(found ${left} bytes .*: b7`));
  }
  const channel = `^side channel ${Channel.statistics}: .*`;
  refuse(block.subarray(0, 42), new RegExp(`${channel}payload of 2 bytes`));
  refuse(block.subarray(0, 41), new RegExp(`${channel}found 20 bytes`));
  const negative = block.slice();
  negative.fill(0xff, 37, 41);
  refuse(negative, new RegExp(`${channel}payload of -1 bytes`));
});

Deno.test("bytes as text end after some", () => {
  assert.equal(hexText(Uint8Array.of(0, 255)), "00 ff");
  assert.equal(hexText(new Uint8Array()), "");
  assert.match(hexText(new Uint8Array(25)), /^(00 ){24}\.\.\.$/);
});

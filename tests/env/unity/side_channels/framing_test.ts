import assert from "node:assert/strict";
import {
  Channel,
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

Deno.test("damaged blocks are UserErrors", () => {
  const block = joinMessages([
    { channel: Channel.statistics, payload: Uint8Array.of(7, 8) },
  ]);
  for (const length of [1, 15, 16, 18, 20, 21]) {
    assert.throws(() => splitMessages(block.subarray(0, length)), UserError);
  }
  const negative = block.slice();
  negative.fill(0xff, 16, 20);
  assert.throws(() => splitMessages(negative), UserError);
});

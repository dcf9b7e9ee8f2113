import assert from "node:assert/strict";
import {
  RawBytesChannel,
} from "../../../../lib/env/unity/side_channels/raw_bytes.ts";

Deno.test("bytes come and go as they are", () => {
  const id = "621f0a70-4f87-11ea-a6bf-784f4387d1f7";
  const channel = new RawBytesChannel(id);
  channel.send(Uint8Array.of(1, 2, 3));
  const payload = Uint8Array.of(1, 2, 3);
  assert.deepEqual(channel.takeOutgoing(), [{ channel: id, payload }]);
  const received = Uint8Array.of(4);
  channel.receive(received);
  channel.receive(new Uint8Array());
  received[0] = 0;
  assert.deepEqual(channel.take(), [Uint8Array.of(4), new Uint8Array()]);
  assert.deepEqual(channel.take(), []);
});

import assert from "node:assert/strict";
import {
  FloatPropertiesChannel,
} from "../../../../lib/env/unity/side_channels/float_properties.ts";
import {
  joinMessages,
} from "../../../../lib/env/unity/side_channels/framing.ts";

Deno.test("either side sets numbers, and the last one counts", () => {
  const channel = new FloatPropertiesChannel();
  assert.deepEqual(channel.list(), []);
  assert.equal(channel.get("height"), undefined);
  channel.set("height", 0.1);
  assert.equal(channel.get("height"), 0.1);
  const [sent] = channel.takeOutgoing();
  const player = new FloatPropertiesChannel();
  player.receive(sent.payload);
  assert.equal(player.get("height"), Math.fround(0.1));
  // Receiving is not answered.
  assert.deepEqual(player.takeOutgoing(), []);
  player.set("height", 2);
  player.set("width", 3);
  for (const { payload } of player.takeOutgoing()) channel.receive(payload);
  assert.deepEqual(
    channel.list().map((name) => [name, channel.get(name)]),
    [["height", 2], ["width", 3]],
  );
});

Deno.test("the bytes are those of Unity's class", () => {
  const channel = new FloatPropertiesChannel();
  channel.set("a", 1);
  assert.deepEqual([...joinMessages(channel.takeOutgoing())], [
    ...[0xd0, 0xf7, 0xcc, 0x60, 0x7e, 0x4f, 0xea, 0x11],
    ...[0xb2, 0x38, 0x78, 0x4f, 0x43, 0x87, 0xd1, 0xf7],
    ...[9, 0, 0, 0],
    ...[1, 0, 0, 0, 0x61, 0, 0, 0x80, 0x3f],
  ]);
  const id = "621f0a70-4f87-11ea-a6bf-784f4387d1f7";
  assert.equal(new FloatPropertiesChannel(id).id, id);
});

Deno.test("a name outside ASCII changes nothing", () => {
  const channel = new FloatPropertiesChannel();
  assert.throws(() => channel.set("größe", 1), /outside ASCII/);
  assert.deepEqual(channel.list(), []);
});

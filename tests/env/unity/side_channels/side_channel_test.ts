import assert from "node:assert/strict";
import {
  PayloadWriter,
} from "../../../../lib/env/unity/side_channels/payload.ts";
import {
  SideChannel,
} from "../../../../lib/env/unity/side_channels/side_channel.ts";
import { UserError } from "../../../../lib/errors.ts";

const id = "621f0a70-4f87-11ea-a6bf-784f4387d1f7";

Deno.test("messages wait in the order of sending and are taken once", () => {
  const channel = new SideChannel(id.toUpperCase());
  assert.equal(channel.id, id);
  const bytes = Uint8Array.of(1, 2);
  channel.send((message) => message.bool(true).string("a"));
  channel.send(bytes);
  channel.send(() => {});
  bytes.fill(0);
  assert.deepEqual(channel.takeOutgoing(), [
    { channel: id, payload: Uint8Array.of(1, 1, 0, 0, 0, 97) },
    { channel: id, payload: Uint8Array.of(1, 2) },
    { channel: id, payload: new Uint8Array() },
  ]);
  assert.deepEqual(channel.takeOutgoing(), []);
});

Deno.test("a message that cannot be written is not sent", () => {
  const channel = new SideChannel(id);
  assert.throws(
    () => channel.send((message) => message.string("Größe")),
    UserError,
  );
  assert.deepEqual(channel.takeOutgoing(), []);
});

Deno.test("a handler gets the values; without one nothing happens", () => {
  const seen: unknown[] = [];
  const channel = new SideChannel(id, (message) => {
    seen.push(message.string(), message.float32s(), message.int32(7));
  });
  const payload = new PayloadWriter().string("tree").float32s([0.5]).finish();
  channel.receive(payload);
  assert.deepEqual(seen, ["tree", [0.5], 7]);
  new SideChannel(id).receive(payload);
});

Deno.test("a handler that fails is an error with channel, bytes and cause", () => {
  const cause = new Error("no such tree");
  const failing = new SideChannel(id, () => {
    throw cause;
  });
  assert.throws(() => failing.receive(Uint8Array.of(1, 2)), (error) => {
    assert(error instanceof UserError);
    assert.match(
      error.message,
      /^side channel 621f0a70-.*no such tree \(found 2 bytes: 01 02\)/,
    );
    assert.equal(error.cause, cause);
    return true;
  });
  const reading = new SideChannel(id, (message) => message.int32());
  assert.throws(
    () => reading.receive(Uint8Array.of(1, 2)),
    /a value of 4 bytes where 2 are left/,
  );
});

Deno.test("an id that is no UUID is refused", () => {
  for (const wrong of ["", "weather", id.slice(1), `{${id}}`, `${id}0`]) {
    assert.throws(() => new SideChannel(wrong), /is not a UUID \(found "/);
  }
});

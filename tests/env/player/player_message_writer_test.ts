import assert from "node:assert/strict";
import { PlayerMessageWriter } from "../../../lib/env/player/player_message_writer.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import { readPlayerMessage } from "../../../lib/env/unity/messages/player_message.ts";
import { splitMessages } from "../../../lib/env/unity/side_channels/framing.ts";
import { dialectOf } from "./dialects.ts";
import { WorldDriver } from "./world_driver.ts";

const sound = { padding: 0, cuts: false, strays: false };

function createWriter(scene: string) {
  const { world } = new WorldDriver(scene);
  const writer = new MessageWriter();
  const messages = new PlayerMessageWriter(writer, world, dialectOf("3.0.0"));
  const write = async (faults = sound) => {
    await world.advance(false);
    messages.write(faults);
    const bytes = writer.message.slice();
    return { bytes, ...readPlayerMessage(Reader.create(bytes)) };
  };
  return { messages, write };
}

Deno.test("a behavior is described with its first info", async () => {
  const { messages, write } = createWriter("scene:Teams");
  const names = ["Teams?team=0", "Teams?team=1"];
  const first = await write();
  assert.deepEqual(first.behaviors.map(({ name }) => name), names);
  assert.deepEqual([...messages.described], names);
  const second = await write();
  assert.deepEqual(second.behaviors, []);
  assert.deepEqual(second.agentInfos.map(({ behavior }) => behavior), names);
});

Deno.test("padding makes a message longer and says nothing", async () => {
  const { write } = createWriter("scene:Teams");
  const padded = await write({ ...sound, padding: 5000 });
  assert(padded.bytes.length > 5000);
  const small = await createWriter("scene:Teams").write();
  assert.deepEqual(
    [padded.behaviors, padded.agentInfos],
    [small.behaviors, small.agentInfos],
  );
});

Deno.test("side channels are left out, strange or cut off", async () => {
  const { write } = createWriter("scene:Teams");
  assert.equal((await write()).sideChannel.length, 0);
  const strange = await write({ ...sound, strays: true });
  assert.equal(splitMessages(strange.sideChannel).length, 1);
  const cut = await write({ ...sound, cuts: true });
  assert.throws(() => splitMessages(cut.sideChannel), /damaged/);
});

import assert from "node:assert/strict";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
  writePlayerGreeting,
} from "../../../../lib/env/unity/messages/player_message.ts";
import { writeOutput } from "../fake_player.ts";

Deno.test("a greeting says its versions and nothing else", () => {
  const writer = new MessageWriter();
  const versions = { communication: "1.5.0", package: "2.0.0-exp.1" };
  writePlayerGreeting(writer, versions);
  const message = readPlayerMessage(Reader.create(writer.message));
  assert.deepEqual(message, {
    status: 200,
    versions,
    behaviors: [],
    agentInfos: [],
    sideChannel: new Uint8Array(),
  });
});

Deno.test("the second request of the handshake is a status alone", () => {
  const bytes = Uint8Array.of(0x0a, 0x03, 0x08, 0xc8, 0x01);
  const message = readPlayerMessage(Reader.create(bytes));
  assert.equal(message.status, 200);
  assert.equal(message.versions, null);
  assert.deepEqual(message.agentInfos, []);
});

Deno.test("an empty message has status 0", () => {
  assert.equal(readPlayerMessage(Reader.create(Uint8Array.of())).status, 0);
});

Deno.test("specs come behind the agents and are found all the same", () => {
  const writer = new MessageWriter();
  const actionSpec = { continuousSize: 2, discreteBranches: [] };
  writeOutput(writer, {
    infos: { A: [{ id: 1, observations: [[1]] }], B: [] },
    specs: { A: actionSpec },
    sideChannel: Uint8Array.of(1, 2, 3),
  });
  const message = readPlayerMessage(Reader.create(writer.message));
  assert.equal(message.versions, null);
  assert.deepEqual(message.behaviors, [{ name: "A", actionSpec }]);
  const [a, b] = message.agentInfos;
  assert.deepEqual([a.behavior, b.behavior], ["A", "B"]);
  assert(a.end > a.start);
  assert.equal(b.end, b.start);
  assert.deepEqual([...message.sideChannel], [1, 2, 3]);
});

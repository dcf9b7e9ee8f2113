import assert from "node:assert/strict";
import { createAgentColumns } from "../../../../lib/env/columns.ts";
import type { BehaviorRecords } from "../../../../lib/env/unity/behavior_records.ts";
import {
  AgentInfoReader,
} from "../../../../lib/env/unity/messages/agent_info_reader.ts";
import {
  readAnnouncedSensors,
} from "../../../../lib/env/unity/messages/announced_sensor.ts";
import {
  AgentInfoWriter,
} from "../../../../lib/env/unity/messages/agent_info_writer.ts";
import {
  Reader,
  readFields,
} from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
} from "../../../../lib/env/unity/messages/player_message.ts";
import { AgentList } from "../../../../lib/env/unity/messages/tags.ts";
import {
  type BehaviorSpec,
  DimensionProperty,
  vectorObservation,
} from "../../../../lib/spec.ts";
import { readVectorCaptures } from "../captures.ts";
import { writeInfos } from "../fake_player.ts";
import { makeRecords } from "../make_records.ts";

const spec: BehaviorSpec = {
  observationSpecs: [
    vectorObservation(2, "eyes"),
    {
      name: "",
      shape: [0],
      dimensionProperties: [DimensionProperty.unspecified],
      observationType: "default",
    },
    { ...vectorObservation(1, "aim"), observationType: "goal" },
  ],
  actionSpec: { continuousSize: 0, discreteBranches: [2] },
};

/** Reads a list of infos of a behavior with `spec`. */
function readList(bytes: Uint8Array): BehaviorRecords {
  const records = makeRecords("B", spec);
  const part = { behavior: "B", start: 0, end: bytes.length };
  records.read(Reader.create(bytes), part);
  return records;
}

Deno.test("what a player writes is what the trainer reads", () => {
  const columns = createAgentColumns(spec, 2);
  for (const id of [3, -1]) {
    const row = columns.addRow(id, 4);
    columns.observations[0].set([id, id / 2], row * 2);
    columns.observations[2][row] = 7 + id;
    columns.rewards[row] = id / 4;
    columns.groupRewards[row] = id / 8;
    columns.interrupted[row] = row;
  }
  columns.maskActions()[2] = 0;
  const writer = new MessageWriter();
  const infos = new AgentInfoWriter(spec);
  infos.writeTerminal(writer, columns, 0);
  infos.writeTerminal(writer, columns, 1);
  infos.writeDecision(writer, columns, 0);
  infos.writeDecision(writer, columns, 1);

  const list = writer.message.slice();
  const { decision, terminal } = readList(list);
  for (const read of [decision, terminal]) {
    assert.equal(read.count, 2);
    assert.deepEqual([...read.agentIds.subarray(0, 2)], [3, -1]);
    assert.deepEqual([...read.groupIds.subarray(0, 2)], [4, 4]);
    assert.deepEqual([...read.rewards.subarray(0, 2)], [0.75, -0.25]);
    assert.deepEqual([...read.groupRewards.subarray(0, 2)], [0.375, -0.125]);
    const [eyes, , aim] = read.observations;
    assert.deepEqual([...eyes.subarray(0, 4)], [3, 1.5, -1, -0.5]);
    assert.deepEqual([...aim.subarray(0, 2)], [10, 6]);
  }
  assert.deepEqual([...terminal.interrupted.subarray(0, 2)], [0, 1]);
  const mask = decision.actionMask?.subarray(0, 4) ?? [];
  assert.deepEqual([...mask], [1, 1, 0, 1]);

  const part = { behavior: "B", start: 0, end: list.length };
  const sensors = readAnnouncedSensors(Reader.create(list), part);
  assert.deepEqual(sensors.map((each) => each.spec), spec.observationSpecs);
});

Deno.test("repeated values may come one by one, fields in any order", () => {
  const info = [
    ...[0x58, 0x00, 0x58, 0x01], // mask: 0, 1
    ...[0x6a, 14], // an observation: data in two single values, then shape
    ...[0x22, 10, 0x0d, 0, 0, 0x80, 0x3f, 0x0d, 0, 0, 0, 0x40],
    ...[0x08, 0x02],
    ...[0x6a, 0x03, 0x0a, 0x01, 0x00], // an empty observation
    ...[0x6a, 11, 0x0a, 0x01, 0x01, 0x22, 6, 0x0a, 4, 0, 0, 0x40, 0x40], // 3
    ...[0x7a, 0x03, 1, 2, 3], // field 15 in another form than ours: unknown
    ...[0x50, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  ];
  const { decision } = readList(
    Uint8Array.of(0x0a, info.length, ...info),
  );
  assert.equal(decision.count, 1);
  assert.equal(decision.agentIds[0], -1);
  assert.equal(decision.groupRewards[0], 0);
  assert.deepEqual([...decision.observations[0].subarray(0, 2)], [1, 2]);
  assert.equal(decision.observations[2][0], 3);
  const mask = decision.actionMask?.subarray(0, 2) ?? [];
  assert.deepEqual([...mask], [1, 0]);
});

Deno.test("cut and garbled infos throw, never more than that", () => {
  const writer = new MessageWriter();
  writeInfos(writer, "B", [
    { id: 1, reward: 2, observations: [[1, 2], [], [3]], mask: [0, 1] },
  ]);
  const reader = Reader.create(writer.message.slice());
  reader.tag();
  const whole = reader.bytes().slice();
  const list = whole.subarray(whole.indexOf(0x12) + 2);
  assert.equal(readList(list).decision.count, 1);
  for (let length = 1; length < list.length; length++) {
    assert.throws(() => readList(list.slice(0, length)), `${length} bytes`);
  }
  for (let at = 0; at < list.length; at++) {
    for (const change of [1, 0x80, 0xff]) {
      const garbled = list.slice();
      garbled[at] ^= change;
      try {
        readList(garbled);
      } catch (error) {
        assert(error instanceof Error && !(error instanceof TypeError));
      }
    }
  }
});

Deno.test("a reader is clean for every info", () => {
  const reader = new AgentInfoReader(1, 2);
  const first = [0x3d, 0, 0, 0x80, 0x3f, 0x40, 1, 0x48, 1, 0x50, 9];
  const bytes = [
    ...first,
    0x5a,
    2,
    1,
    1,
    0x6a,
    0,
    0x70,
    3,
    0x7d,
    0,
    0,
    0,
    0x40,
  ];
  reader.read(Reader.create(Uint8Array.of(bytes.length, ...bytes)));
  assert.deepEqual(
    [reader.reward, reader.done, reader.interrupted, reader.agentId],
    [1, true, true, 9],
  );
  assert.deepEqual(
    [reader.maskLength, reader.observationCount, reader.groupId],
    [2, 1, 3],
  );
  assert.equal(reader.groupReward, 2);
  reader.read(Reader.create(Uint8Array.of(0)));
  assert.deepEqual(
    [reader.reward, reader.done, reader.interrupted, reader.agentId],
    [0, false, false, 0],
  );
  assert.deepEqual(
    [reader.maskLength, reader.observationCount, reader.groupId],
    [0, 0, 0],
  );
  assert.equal(reader.groupReward, 0);
});

const captures = readVectorCaptures("req");

Deno.test({
  name: "recorded infos are written as real players wrote them, byte by byte",
  ignore: captures.length === 0,
  fn: () => {
    let compared = 0;
    for (const { file, bytes } of captures) {
      if (!file.includes("0003_req")) continue;
      const reader = Reader.create(bytes);
      const message = readPlayerMessage(reader);
      for (const part of message.agentInfos) {
        const brain = message.behaviors
          .find(({ name }) => name === part.behavior);
        assert(brain);
        const recorded: BehaviorSpec = {
          observationSpecs: readAnnouncedSensors(reader, part)
            .map((sensor) => sensor.spec),
          actionSpec: brain.actionSpec,
        };
        const records = makeRecords(part.behavior, recorded);
        records.read(reader, part);
        const writer = new MessageWriter();
        const infos = new AgentInfoWriter(recorded);
        for (let row = 0; row < records.decision.count; row++) {
          infos.writeDecision(writer, records.decision, row);
        }
        const original = bytes.subarray(part.start, part.end);
        assert.deepEqual(writer.message, original.slice(), part.behavior);
        readFields(Reader.create(original), original.length, (tag) => {
          assert.equal(tag, AgentList.value);
          compared++;
          return false;
        });
      }
    }
    assert.equal(compared, 3 * 14);
  },
});

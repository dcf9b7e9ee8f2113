import assert from "node:assert/strict";
import { createAgentColumns } from "../../../../lib/env/columns.ts";
import {
  AgentInfoWriter,
  writeAgentInfo,
} from "../../../../lib/env/unity/messages/agent_info_writer.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  presentObservations,
} from "../../../../lib/env/unity/messages/observation_writer.ts";
import type { BehaviorSpec } from "../../../../lib/spec.ts";

const spec: BehaviorSpec = {
  observationSpecs: [],
  actionSpec: { continuousSize: 0, discreteBranches: [2, 1] },
};
const half = [0, 0, 0, 0x3f], one = [0, 0, 0x80, 0x3f];

function bytesOf(write: (writer: MessageWriter) => void): number[] {
  const writer = new MessageWriter();
  write(writer);
  return [...writer.message];
}

Deno.test("what is zero or no takes no bytes", () => {
  assert.deepEqual(
    bytesOf((writer) => writeAgentInfo(writer, { id: 0, reward: 0 }, () => {})),
    [0x0a, 0],
  );
});

Deno.test("an info has Unity's fields in Unity's order", () => {
  const fields = {
    id: 3,
    reward: 0.5,
    done: true,
    interrupted: true,
    mask: Uint8Array.of(0, 1, 0),
    groupId: 2,
    groupReward: 1,
  };
  const bytes = bytesOf((writer) =>
    writeAgentInfo(writer, fields, () => writer.raw(Uint8Array.of(0x6a, 0)))
  );
  const body = [
    ...[0x3d, ...half, 0x40, 1, 0x48, 1, 0x50, 3],
    ...[0x5a, 3, 0, 1, 0, 0x6a, 0, 0x70, 2, 0x7d, ...one],
  ];
  assert.deepEqual(bytes, [0x0a, body.length, ...body]);
});

Deno.test("columns become infos; a mask says what is forbidden", () => {
  const columns = createAgentColumns(spec, 2);
  columns.addRow(8);
  const row = columns.addRow(9, 4);
  columns.rewards[row] = 0.5;
  columns.groupRewards[row] = 1;
  columns.interrupted[row] = 1;
  columns.maskActions()[row * 3 + 1] = 0;
  const infos = new AgentInfoWriter(spec);
  const group = [0x70, 4, 0x7d, ...one];
  const decision = [0x3d, ...half, 0x50, 9, 0x5a, 3, 0, 1, 0, ...group];
  assert.deepEqual(
    bytesOf((writer) => infos.writeDecision(writer, columns, row)),
    [0x0a, decision.length, ...decision],
  );
  const terminal = [0x3d, ...half, 0x40, 1, 0x48, 1, 0x50, 7, ...group];
  assert.deepEqual(
    bytesOf((writer) => infos.writeTerminal(writer, columns, row, 7)),
    [0x0a, terminal.length, ...terminal],
  );
});

Deno.test("players that know no groups do not tell of them", () => {
  const columns = createAgentColumns(spec, 1);
  columns.groupRewards[columns.addRow(1, 4)] = 1;
  const style = { ...presentObservations, hasGroups: false };
  const infos = new AgentInfoWriter(spec, style);
  assert.deepEqual(
    bytesOf((writer) => infos.writeDecision(writer, columns, 0)),
    [0x0a, 2, 0x50, 1],
  );
});

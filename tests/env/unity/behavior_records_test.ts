import assert from "node:assert/strict";
import type { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
import {
  readAgentActions,
} from "../../../lib/env/unity/messages/agent_actions.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
} from "../../../lib/env/unity/messages/player_message.ts";
import {
  readTrainerMessage,
  writeTrainerStep,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import { UserError } from "../../../lib/errors.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import { type Info, writeOutput } from "./fake_player.ts";
import { makeRecords } from "./make_records.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(2), vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2, 3] },
};

/** An info whose observations show the agent and the time. */
function info(id: number, time: number, more: Partial<Info> = {}): Info {
  return { id, observations: [[id, time], [10 * time]], ...more };
}

function read(records: BehaviorRecords, infos: readonly Info[]): void {
  const writer = new MessageWriter();
  writeOutput(writer, { infos: { B: infos } });
  const reader = Reader.create(writer.message.slice());
  records.read(reader, readPlayerMessage(reader).agentInfos[0]);
}

/** The actions that a player of `agents` waiting agents gets. */
function answer(records: BehaviorRecords, agents: number) {
  const writer = new MessageWriter();
  writeTrainerStep(writer, 0, [records], new Uint8Array());
  const reader = Reader.create(writer.message);
  const [part] = readTrainerMessage(reader).agentActions;
  const actions = {
    continuous: new Float32Array(agents),
    discrete: new Int32Array(2 * agents),
  };
  readAgentActions(reader, part, spec.actionSpec, agents, actions);
  return {
    continuous: [...actions.continuous],
    discrete: [...actions.discrete],
  };
}

Deno.test("infos become rows of decisions and terminals in their order", () => {
  const records = makeRecords("B", spec);
  read(records, [
    info(7, 3, { done: true, reward: -1, groupId: 2, groupReward: 0.5 }),
    info(-4, 1, { reward: 0.25 }),
    info(8, 3, { done: true, interrupted: true }),
    info(7, 4, { groupId: 2, groupReward: 1.5 }),
  ]);
  const { decision, terminal } = records;
  assert.equal(decision.count, 2);
  assert.deepEqual([...decision.agentIds.subarray(0, 2)], [-4, 7]);
  assert.deepEqual([...decision.rewards.subarray(0, 2)], [0.25, 0]);
  assert.deepEqual([...decision.groupIds.subarray(0, 2)], [0, 2]);
  assert.deepEqual([...decision.groupRewards.subarray(0, 2)], [0, 1.5]);
  assert.deepEqual(
    [...decision.observations[0].subarray(0, 4)],
    [-4, 1, 7, 4],
  );
  assert.deepEqual([...decision.observations[1].subarray(0, 2)], [10, 40]);
  assert.equal(decision.actionMask, null);
  assert.equal(terminal.count, 2);
  assert.deepEqual([...terminal.agentIds.subarray(0, 2)], [7, 8]);
  assert.deepEqual([...terminal.rewards.subarray(0, 2)], [-1, 0]);
  assert.deepEqual([...terminal.groupRewards.subarray(0, 2)], [0.5, 0]);
  assert.deepEqual([...terminal.interrupted.subarray(0, 2)], [0, 1]);
  assert.deepEqual([...terminal.observations[1].subarray(0, 2)], [30, 30]);
});

Deno.test("a new list takes the place of the old one", () => {
  const records = makeRecords("B", spec);
  read(records, [info(1, 1), info(2, 1, { done: true })]);
  read(records, [info(3, 2)]);
  assert.equal(records.decision.count, 1);
  assert.equal(records.terminal.count, 0);
  assert.equal(records.decision.agentIds[0], 3);
  read(records, []);
  assert.equal(records.decision.count, 0);
});

Deno.test("many agents fit", () => {
  const records = makeRecords("B", spec);
  const infos = Array.from({ length: 1000 }, (_, id) => info(id, id));
  read(records, infos);
  assert.equal(records.decision.count, 1000);
  assert.deepEqual(
    [...records.decision.observations[0].subarray(1998, 2000)],
    [999, 999],
  );
  records.setActions({
    continuous: Float32Array.from({ length: 1000 }, (_, i) => i / 1000),
    discrete: new Int32Array(2000).fill(1),
  });
  assert.equal(answer(records, 1000).continuous[500], Math.fround(0.5));
});

Deno.test("masks are turned round; agents without one may do everything", () => {
  const records = makeRecords("B", spec);
  read(records, [
    info(1, 1),
    info(2, 1, { mask: [1, 0, 0, 1, 1] }),
    info(3, 1),
  ]);
  assert.deepEqual(
    [...records.decision.actionMask?.subarray(0, 15) ?? []],
    [1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1],
  );
  read(records, [info(1, 2)]);
  assert.equal(records.decision.actionMask, null);
});

Deno.test("masks of ended agents may be stale and are ignored", () => {
  const records = makeRecords("B", spec);
  read(records, [info(1, 1, { done: true, mask: [1, 1, 1, 1, 1] })]);
  assert.equal(records.decision.actionMask, null);
});

Deno.test("a decision followed by the agent's end is folded into the end", () => {
  const records = makeRecords("B", spec);
  read(records, [
    info(1, 5, { reward: 1 }),
    info(2, 5, { reward: 2, groupReward: 3, mask: [1, 0, 0, 0, 0] }),
    info(3, 5, { mask: [0, 1, 0, 0, 0] }),
    info(2, 6, { done: true, interrupted: true, reward: 4, groupReward: 5 }),
  ]);
  const { decision, terminal } = records;
  assert.deepEqual([...decision.agentIds.subarray(0, decision.count)], [1, 3]);
  assert.deepEqual([...decision.rewards.subarray(0, 2)], [1, 0]);
  assert.deepEqual([...decision.observations[0].subarray(0, 4)], [1, 5, 3, 5]);
  assert.deepEqual(
    [...decision.actionMask?.subarray(0, 10) ?? []],
    [1, 1, 1, 1, 1, 1, 0, 1, 1, 1],
  );
  assert.equal(terminal.count, 1);
  assert.equal(terminal.rewards[0], 6);
  assert.equal(terminal.groupRewards[0], 8);
  assert.equal(terminal.interrupted[0], 1);
  assert.deepEqual([...terminal.observations[0].subarray(0, 2)], [2, 6]);
  // The player still expects three actions; the dropped one is zero.
  records.setActions({
    continuous: Float32Array.of(0.5, -0.5),
    discrete: Int32Array.of(1, 2, 0, 1),
  });
  assert.deepEqual(answer(records, 3), {
    continuous: [0.5, 0, -0.5],
    discrete: [1, 2, 0, 0, 0, 1],
  });
});

Deno.test("an end followed by the agent's decision is not folded", () => {
  const records = makeRecords("B", spec);
  read(records, [info(2, 5, { done: true, reward: 4 }), info(2, 0)]);
  assert.equal(records.decision.count, 1);
  assert.equal(records.terminal.count, 1);
  assert.equal(records.terminal.rewards[0], 4);
});

Deno.test("actions that are not set are zero, whatever was set before", () => {
  const records = makeRecords("B", spec);
  read(records, [info(1, 1), info(2, 1)]);
  records.setActions({
    continuous: Float32Array.of(1, 1),
    discrete: Int32Array.of(1, 1, 1, 1),
  });
  read(records, [info(1, 2), info(2, 2)]);
  assert.deepEqual(answer(records, 2), {
    continuous: [0, 0],
    discrete: [0, 0, 0, 0],
  });
});

Deno.test("the caller may reuse its action arrays at once", () => {
  const records = makeRecords("B", spec);
  read(records, [info(1, 1)]);
  const actions = {
    continuous: Float32Array.of(0.5),
    discrete: Int32Array.of(1, 2),
  };
  records.setActions(actions);
  actions.continuous.fill(9);
  actions.discrete.fill(0);
  assert.deepEqual(answer(records, 1), { continuous: [0.5], discrete: [1, 2] });
});

Deno.test("values that are not finite are named", () => {
  const cases: [Info, RegExp][] = [
    [info(5, 1, { reward: NaN }), /B: .*reward of agent 5.*NaN/],
    [info(5, 1, { groupReward: Infinity }), /B: .*reward of agent 5.*Infinity/],
    [
      { id: 6, observations: [[0, NaN], [0]] },
      /B: Sensor "VectorSensor_size2" of agent 6: value 1 is.*NaN/,
    ],
    [
      { id: 6, observations: [[0, 0], [-Infinity]] },
      /B: Sensor "VectorSensor_size1" of agent 6: value 0 is.*-Infinity/,
    ],
  ];
  for (const [bad, message] of cases) {
    const records = makeRecords("B", spec);
    assert.throws(
      () => read(records, [info(1, 1), bad]),
      (error: unknown) =>
        error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

Deno.test("agents that differ from the behavior's first one are refused", () => {
  const cases: [Info, RegExp][] = [
    [
      { id: 5, observations: [[1, 2]] },
      /number of observations.*1 from agent 5/,
    ],
    [
      { id: 5, observations: [[1, 2], [3], [4]] },
      /number of observations.*3 from agent 5/,
    ],
    [
      { id: 5, observations: [[1, 2, 3], [3]] },
      /Sensor "VectorSensor_size2" of agent 5.*shape.*\[3\].*\[2\]/,
    ],
    [
      { id: 5, observations: [[1, 2], []] },
      /Sensor .*1" of agent 5.*shape.*\[0\]/,
    ],
    [info(5, 1, { mask: [1, 0] }), /action mask values.*2 from agent 5.*5/],
    [info(5, 1, { mask: Array(9).fill(0) }), /action mask.*9 from agent 5/],
  ];
  for (const [bad, message] of cases) {
    const records = makeRecords("B", spec);
    assert.throws(() => read(records, [bad]), message);
  }
});

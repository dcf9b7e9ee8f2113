/** Random behaviors and messages, written by the book and read back. */
import assert from "node:assert/strict";
import type { AgentColumns } from "../../../lib/env/env.ts";
import { BehaviorIntake } from "../../../lib/env/unity/behavior_intake.ts";
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
import { type ActionSpec, branchTotal } from "../../../lib/spec.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";
import { assertClose } from "../../support/closeness.ts";
import { type Info, type SensorOutput, writeOutput } from "./fake_player.ts";
import { joinPngs, makePng } from "./images/make_png.ts";

const random = new RandomGenerator(11, "random messages");

/** A number from `from` to `to`. */
const between = (from: number, to: number) =>
  from + random.integer(to - from + 1);
const someNumber = () => Math.fround(random.between(-100, 100));
const list = <T>(length: number, make: () => T) => Array.from({ length }, make);

/** Makes an observation, and says what the columns must hold. */
type SensorModel = () => { output: SensorOutput; expected: number[] };

function vector(): SensorModel {
  const size = random.integer(6);
  const goal = random.integer(2) === 1;
  return () => {
    const values = list(size, someNumber);
    const output = { shape: [size], values, properties: [1], goal };
    return { output, expected: values };
  };
}

function entities(): SensorModel {
  const shape = [between(1, 4), between(1, 4)];
  return () => {
    const values = list(shape[0] * shape[1], someNumber);
    return { output: { shape, values, properties: [4, 1] }, expected: values };
  };
}

/** An image in either order, as PNG files or as plain numbers. */
function image(): SensorModel {
  const [channels, height, width] = list(3, () => between(1, 6));
  const isLast = random.integer(2) === 1;
  const shape = isLast ? [height, width, channels] : [channels, height, width];
  const properties = isLast ? [2, 2, 1] : [1, 2, 2];
  const area = height * width;
  const asPngs = random.integer(2) === 1;
  return () => {
    if (!asPngs) {
      const expected = list(channels * area, someNumber);
      const values = isLast
        ? expected.map((_, i) =>
          expected[i % channels * area + Math.floor(i / channels)]
        )
        : expected;
      return { output: { shape, values, properties }, expected };
    }
    const files = list(
      Math.ceil(channels / 3),
      () => makePng({ width, height, channels: 3, filters: [1, 4, 3, 2, 0] }),
    );
    const sample = (channel: number, at: number) =>
      files[Math.floor(channel / 3)].samples[3 * at + channel % 3];
    const expected = list(channels * area, () => 0).map((_, i) => {
      const [channel, at] = [Math.floor(i / area), i % area];
      return channels === 1
        ? (sample(0, at) + sample(1, at) + sample(2, at)) / 3 / 255
        : sample(channel, at) / 255;
    });
    return {
      output: { shape, pngs: joinPngs(...files), properties },
      expected,
    };
  };
}

interface Agent {
  readonly info: Info;
  readonly expected: readonly number[][];
}

function makeAgent(
  id: number,
  sensors: readonly SensorModel[],
  actionSpec: ActionSpec,
): Agent {
  const made = sensors.map((make) => make());
  const choices = branchTotal(actionSpec);
  const hasMask = choices > 0 && random.integer(3) === 0;
  return {
    info: {
      id,
      reward: someNumber(),
      done: random.integer(4) === 0,
      interrupted: random.integer(2) === 0,
      groupId: random.integer(3),
      groupReward: someNumber(),
      mask: hasMask ? list(choices, () => random.integer(2)) : [],
      observations: made.map(({ output }) => output),
    },
    expected: made.map(({ expected }) => expected),
  };
}

Deno.test("random messages are read as they were meant", () => {
  for (let round = 0; round < 60; round++) {
    const sensors = list(between(0, 4), () => {
      const kinds = [vector, vector, entities, image];
      return kinds[random.integer(kinds.length)]();
    });
    const actionSpec = {
      continuousSize: random.integer(3),
      discreteBranches: list(random.integer(3), () => between(1, 4)),
    };
    const intake = new BehaviorIntake({ packageVersion: "4.1.0" });
    for (let message = 0; message < 4; message++) {
      const ids = new Set(list(random.integer(30), () => between(-50, 50)));
      const agents = [...ids].map((id) => makeAgent(id, sensors, actionSpec));
      const writer = new MessageWriter();
      writeOutput(writer, {
        infos: { B: agents.map(({ info }) => info) },
        specs: message === 0 ? { B: actionSpec } : {},
      });
      const reader = Reader.create(writer.message.slice());
      const isNew = !intake.specs.has("B");
      const hasRecords = intake.receive(readPlayerMessage(reader), reader);
      assert.equal(hasRecords, agents.length > 0);
      if (isNew && !hasRecords) break;
      checkRecords(intake, agents);
      checkReply(intake, agents);
    }
    intake.close();
  }
});

function checkRecords(intake: BehaviorIntake, agents: readonly Agent[]): void {
  const { decision, terminal, spec } = intake.find("B");
  const choices = branchTotal(spec.actionSpec);
  const decided = agents.filter(({ info }) => !info.done);
  const ended = agents.filter(({ info }) => info.done);
  checkColumns(decision, decided);
  checkColumns(terminal, ended);
  ended.forEach(({ info }, row) =>
    assert.equal(terminal.interrupted[row], info.interrupted ? 1 : 0)
  );
  decided.forEach(({ info: { mask = [] } }, row) => {
    const start = row * choices;
    const found = decision.actionMask?.subarray(start, start + choices);
    const expected = list(choices, () => 1).map((_, i) => 1 - (mask[i] ?? 0));
    if (found) assert.deepEqual([...found], expected);
    else assert.deepEqual(mask, []);
  });
}

function checkColumns(columns: AgentColumns, agents: readonly Agent[]): void {
  assert.equal(columns.count, agents.length);
  agents.forEach(({ info, expected }, row) => {
    assert.equal(columns.agentIds[row], info.id);
    assert.equal(columns.rewards[row], info.reward);
    assert.equal(columns.groupIds[row], info.groupId);
    assert.equal(columns.groupRewards[row], info.groupReward);
    expected.forEach((values, sensor) => {
      const start = row * values.length;
      const found = columns.observations[sensor]
        .subarray(start, start + values.length);
      assertClose(found, values, 1e-7, `sensor ${sensor}`);
    });
  });
}

/** Random actions arrive, one set for each agent that decides, in order. */
function checkReply(intake: BehaviorIntake, agents: readonly Agent[]): void {
  const records = intake.find("B");
  const { continuousSize, discreteBranches } = records.spec.actionSpec;
  const { count } = records.decision;
  const branches = discreteBranches.length;
  const given = {
    continuous: Float32Array.from(list(count * continuousSize, someNumber)),
    discrete: Int32Array.from(
      { length: count * branches },
      (_, i) => random.integer(discreteBranches[i % branches]),
    ),
  };
  records.setActions(given);
  const writer = new MessageWriter();
  writeTrainerStep(writer, 0, intake.all, new Uint8Array());
  const reader = Reader.create(writer.message);
  const [part] = readTrainerMessage(reader).agentActions;
  assert.equal(count, agents.filter(({ info }) => !info.done).length);
  const read = {
    continuous: new Float32Array(given.continuous.length),
    discrete: new Int32Array(given.discrete.length),
  };
  readAgentActions(reader, part, records.spec.actionSpec, count, read);
  assert.deepEqual(read, given);
}

import assert from "node:assert/strict";
import {
  readAgentActions,
  writeAgentAction,
} from "../../../../lib/env/unity/messages/agent_actions.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { UserError } from "../../../../lib/errors.ts";

const hybrid = { continuousSize: 2, discreteBranches: [3, 2] };

function read(
  list: Uint8Array,
  count: number,
  spec = hybrid,
  fields?: "present" | "legacy",
) {
  const part = { behavior: "B", start: 0, end: list.length };
  const actions = {
    continuous: new Float32Array(count * spec.continuousSize),
    discrete: new Int32Array(count * spec.discreteBranches.length),
  };
  readAgentActions(Reader.create(list), part, spec, count, actions, fields);
  return [[...actions.continuous], [...actions.discrete]];
}

function write(rows: number): Uint8Array {
  const writer = new MessageWriter();
  const continuous = Float32Array.of(0.5, -1, 0.25, 1);
  const discrete = Int32Array.of(2, 1, 0, 0);
  for (let row = 0; row < rows; row++) {
    writeAgentAction(writer, hybrid, continuous, discrete, row);
  }
  return writer.message.slice();
}

Deno.test("an action fills the legacy field and the present ones", () => {
  assert.deepEqual([...write(1)], [
    ...[0x0a, 32],
    // continuous values, then discrete indices as floats
    ...[0x0a, 16, 0, 0, 0, 0x3f, 0, 0, 0x80, 0xbf],
    ...[0, 0, 0, 0x40, 0, 0, 0x80, 0x3f],
    ...[0x32, 8, 0, 0, 0, 0x3f, 0, 0, 0x80, 0xbf],
    ...[0x3a, 2, 2, 1],
  ]);
});

Deno.test("an agent without actions gets an empty one", () => {
  const writer = new MessageWriter();
  const none = { continuousSize: 0, discreteBranches: [] };
  const [continuous, discrete] = [new Float32Array(), new Int32Array()];
  for (const row of [0, 1]) {
    writeAgentAction(writer, none, continuous, discrete, row);
  }
  assert.deepEqual([...writer.message], [0x0a, 0, 0x0a, 0]);
  assert.deepEqual(read(writer.message.slice(), 2, none), [[], []]);
});

Deno.test("actions go there and back; surplus agents are ignored", () => {
  const expected = [[0.5, -1, 0.25, 1], [2, 1, 0, 0]];
  assert.deepEqual(read(write(2), 2), expected);
  assert.deepEqual(read(write(2), 1), [[0.5, -1], [2, 1]]);
});

Deno.test("single values are read as well as packed ones", () => {
  const list = Uint8Array.of(
    ...[0x0a, 14, 0x35, 0, 0, 0, 0x3f, 0x35, 0, 0, 0x80, 0xbf],
    ...[0x38, 2, 0x38, 1],
  );
  assert.deepEqual(read(list, 1), [[0.5, -1], [2, 1]]);
});

Deno.test("missing agents and wrong lengths are refused", () => {
  const cases: [Uint8Array, number, typeof hybrid, RegExp][] = [
    [write(1), 2, hybrid, /wrong number of agents' actions.*found 1.*2/],
    [
      write(1),
      1,
      { ...hybrid, continuousSize: 3 },
      /number of continuous actions.*found 2.*3/,
    ],
    [
      write(1),
      1,
      { ...hybrid, continuousSize: 1 },
      /number of continuous actions.*found 2.*1/,
    ],
    [
      write(1),
      1,
      { ...hybrid, discreteBranches: [3] },
      /number of discrete actions.*found 2.*1/,
    ],
  ];
  for (const [list, count, spec, message] of cases) {
    assert.throws(
      () => read(list, count, spec),
      (error: unknown) =>
        error instanceof UserError && message.test(error.message),
    );
  }
});

Deno.test("old players read the legacy field and nothing else", () => {
  const expected = [[0.5, -1, 0.25, 1], [2, 1, 0, 0]];
  assert.deepEqual(read(write(2), 2, hybrid, "legacy"), expected);
  // 0.5, -1, 2, 1 as single values; continuous field 6 with other values.
  const single = Uint8Array.of(
    ...[0x0a, 26, 0x0d, 0, 0, 0, 0x3f, 0x0d, 0, 0, 0x80, 0xbf],
    ...[0x0d, 0, 0, 0, 0x40, 0x0d, 0, 0, 0x80, 0x3f],
    ...[0x32, 4, 0, 0, 0, 0],
  );
  assert.deepEqual(read(single, 1, hybrid, "legacy"), [[0.5, -1], [2, 1]]);
  // 0.5 is no index.
  const broken = Uint8Array.of(0x0a, 6, 0x0a, 4, 0, 0, 0, 0x3f);
  const spec = { continuousSize: 0, discreteBranches: [3] };
  assert.deepEqual(read(broken, 1, spec, "legacy"), [[], [-1]]);
  const present = Uint8Array.of(0x0a, 4, 0x3a, 2, 2, 1);
  assert.throws(
    () => read(present, 1, { ...spec, discreteBranches: [3, 2] }, "legacy"),
    /discrete actions.*found 0.*2/,
  );
});

import assert from "node:assert/strict";
import {
  checkActions,
  createAgentColumns,
  findBehavior,
} from "../../lib/env/columns.ts";
import { UserError } from "../../lib/errors.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(2), vectorObservation(3)],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};

Deno.test("columns have room for every sensor and start empty", () => {
  const columns = createAgentColumns(spec, 4);
  assert.equal(columns.count, 0);
  assert.equal(columns.agentIds.length, 4);
  assert.deepEqual(columns.observations.map((o) => o.length), [8, 12]);
  assert.equal(columns.actionMask, null);
});

Deno.test("added rows are clean and keep their values when columns grow", () => {
  const columns = createAgentColumns(spec, 1);
  for (let id = 10; id < 15; id++) {
    const row = columns.addRow(id, id - 10);
    assert.equal(columns.rewards[row], 0);
    assert.equal(columns.interrupted[row], 0);
    columns.observations[1].fill(id, row * 3, row * 3 + 3);
    columns.rewards[row] = id / 2;
    columns.groupRewards[row] = id / 4;
    columns.interrupted[row] = 1;
  }
  assert.equal(columns.count, 5);
  assert.deepEqual([...columns.agentIds.subarray(0, 5)], [10, 11, 12, 13, 14]);
  assert.deepEqual([...columns.groupIds.subarray(0, 5)], [0, 1, 2, 3, 4]);
  assert.deepEqual([...columns.rewards.subarray(0, 5)], [5, 5.5, 6, 6.5, 7]);
  assert.deepEqual(
    [...columns.observations[1].subarray(9, 15)],
    [13, 13, 13, 14, 14, 14],
  );
  columns.clear();
  const row = columns.addRow(3);
  assert.deepEqual(
    [row, columns.rewards[0], columns.groupRewards[0], columns.interrupted[0]],
    [0, 0, 0, 0],
  );
});

Deno.test("a mask starts with everything allowed and grows with the rows", () => {
  const columns = createAgentColumns(spec, 1);
  columns.addRow(0);
  columns.maskActions()[1] = 0;
  columns.addRow(1);
  columns.addRow(2);
  const mask = columns.actionMask;
  assert(mask);
  assert.deepEqual([...mask.subarray(0, 10)], [1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  columns.clear();
  assert.equal(columns.actionMask, null);
  columns.addRow(0);
  assert.deepEqual([...columns.maskActions().subarray(0, 5)], [1, 1, 1, 1, 1]);
});

Deno.test("a row is taken out of every column", () => {
  const columns = createAgentColumns(spec, 4);
  for (let id = 0; id < 3; id++) {
    const row = columns.addRow(id, 10 * id);
    columns.observations[0].fill(id, row * 2, row * 2 + 2);
    columns.observations[1].fill(-id, row * 3, row * 3 + 3);
    columns.rewards[row] = id / 2;
    columns.groupRewards[row] = id / 4;
    columns.interrupted[row] = id % 2;
    columns.maskActions()[row * 5 + id] = 0;
  }
  columns.removeRow(1);
  assert.equal(columns.count, 2);
  assert.deepEqual([...columns.agentIds.subarray(0, 2)], [0, 2]);
  assert.deepEqual([...columns.groupIds.subarray(0, 2)], [0, 20]);
  assert.deepEqual([...columns.rewards.subarray(0, 2)], [0, 1]);
  assert.deepEqual([...columns.groupRewards.subarray(0, 2)], [0, 0.5]);
  assert.deepEqual([...columns.interrupted.subarray(0, 2)], [0, 0]);
  assert.deepEqual([...columns.observations[0].subarray(0, 4)], [0, 0, 2, 2]);
  assert.deepEqual(
    [...columns.observations[1].subarray(0, 6)],
    [-0, -0, -0, -2, -2, -2],
  );
  assert.deepEqual(
    [...columns.actionMask?.subarray(0, 10) ?? []],
    [0, 1, 1, 1, 1, 1, 1, 0, 1, 1],
  );
  columns.removeRow(1);
  columns.removeRow(0);
  assert.equal(columns.count, 0);
});

Deno.test("images lie in shared memory where that is asked for", () => {
  const camera = { ...vectorObservation(1), shape: [3, 2, 2] };
  const both: BehaviorSpec = {
    observationSpecs: [vectorObservation(2), camera],
    actionSpec: { continuousSize: 1, discreteBranches: [] },
  };
  const isShared = (values: Float32Array) =>
    values.buffer instanceof SharedArrayBuffer;
  const columns = createAgentColumns(both, 1, { sharesImages: true });
  for (let id = 0; id < 3; id++) {
    const row = columns.addRow(id);
    columns.observations[1].fill(id, row * 12, row * 12 + 12);
    assert.deepEqual(columns.observations.map(isShared), [false, true]);
  }
  assert.deepEqual([0, 12, 24].map((i) => columns.observations[1][i]), [
    0,
    1,
    2,
  ]);
  const own = createAgentColumns(both, 1);
  assert.deepEqual(own.observations.map(isShared), [false, false]);
});

Deno.test("an unknown behavior is named together with the known ones", () => {
  const behaviors = new Map([["3DBall?team=0", 1], ["Basic?team=0", 2]]);
  assert.equal(findBehavior(behaviors, "Basic?team=0"), 2);
  assert.throws(() => findBehavior(behaviors, "3DBal?team=0"), (error) => {
    assert(error instanceof UserError);
    assert.match(error.message, /"3DBal\?team=0".*3DBall\?team=0, Basic/);
    assert.match(error.message, /Did you mean "3DBall\?team=0"/);
    return true;
  });
});

Deno.test("actions are checked for lengths, numbers and ranges", () => {
  const check = (continuous: number[], discrete: number[]) =>
    checkActions("Game?team=0", spec.actionSpec, 2, {
      continuous: new Float32Array(continuous),
      discrete: new Int32Array(discrete),
    });
  check([0, 1, -1, 0.5], [0, 1, 2, 0]);
  const refused: [number[], number[], RegExp][] = [
    [[0, 1, -1], [0, 1, 2, 0], /continuous.*found 3.*allowed: 4 values: 2/],
    [[0, 1, -1, 0], [0, 1], /discrete.*found 2.*allowed: 4/],
    [[0, 1, NaN, 0], [0, 1, 2, 0], /action 0 of agent 1.*NaN/],
    [[0, 1, 0, -Infinity], [0, 1, 2, 0], /action 1 of agent 1.*-Infinity/],
    [[0, 1, 0, 0], [0, 2, 2, 0], /branch 1 of agent 0.*found 2.*0 to 1/],
    [[0, 1, 0, 0], [0, 1, -1, 0], /branch 0 of agent 1.*found -1.*0 to 2/],
  ];
  for (const [continuous, discrete, message] of refused) {
    assert.throws(() => check(continuous, discrete), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      assert.match(error.message, /Game\?team=0/);
      return true;
    });
  }
});

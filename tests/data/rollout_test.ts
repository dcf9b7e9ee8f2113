import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { createAgentColumns } from "../../lib/env/columns.ts";
import { vectorObservation } from "../../lib/spec.ts";

const spec = {
  observationSpecs: [vectorObservation(2), vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2, 1] },
};

/** Decisions of agents that see their number, and its square. */
function decisions(...ids: number[]) {
  const columns = createAgentColumns(spec, ids.length + 3);
  for (const id of ids) {
    const row = columns.addRow(id);
    columns.observations[0].set([id, -id], 2 * row);
    columns.observations[1].set([id * id], row);
  }
  return columns;
}

/** What a rollout holds in its rows, one list per row. */
function contents(rollout: Rollout): number[][] {
  return Array.from({ length: rollout.size }, (_, row) => [
    ...rollout.observations[0].subarray(2 * row, 2 * row + 2),
    rollout.observations[1][row],
    rollout.continuous[row],
    ...rollout.discrete.subarray(2 * row, 2 * row + 2),
    ...rollout.mask.subarray(3 * row, 3 * row + 3),
    rollout.rewards[row],
  ]);
}

Deno.test("decisions become rows in order of arrival", () => {
  const rollout = new Rollout(spec);
  assert.equal(rollout.appendDecisions(decisions(1, 2)), 0);
  assert.equal(rollout.appendDecisions(decisions()), 2);
  assert.equal(rollout.appendDecisions(decisions(3)), 2);
  assert.deepEqual(contents(rollout), [
    [1, -1, 1, 0, 0, 0, 1, 1, 1, 0],
    [2, -2, 4, 0, 0, 0, 1, 1, 1, 0],
    [3, -3, 9, 0, 0, 0, 1, 1, 1, 0],
  ]);
});

Deno.test("masks are kept, and without one everything is allowed", () => {
  const rollout = new Rollout(spec);
  const masked = decisions(1, 2);
  masked.maskActions().set([1, 0, 1, 0, 1, 1]);
  rollout.appendDecisions(masked);
  rollout.appendDecisions(decisions(3));
  const masks = contents(rollout).map((row) => row.slice(6, 9));
  assert.deepEqual(masks, [[1, 0, 1], [0, 1, 1], [1, 1, 1]]);
});

Deno.test("an ended agent's last observation gets a row of its own", () => {
  const rollout = new Rollout(spec);
  rollout.appendDecisions(decisions(1));
  assert.equal(rollout.appendTerminal(decisions(5, 6), 1), 1);
  assert.deepEqual(contents(rollout)[1].slice(0, 3), [6, -6, 36]);
});

Deno.test("columns grow and keep what they hold", () => {
  const rollout = new Rollout(spec, 1);
  for (let id = 0; id < 50; id++) {
    const row = rollout.appendDecisions(decisions(id, id));
    rollout.rewards[row] = id;
    rollout.continuous[row] = id / 2;
    rollout.discrete[2 * row] = id;
  }
  assert.equal(rollout.size, 100);
  contents(rollout).forEach((row, i) => {
    const id = Math.floor(i / 2);
    const first = i % 2 === 0;
    assert.equal(row[0], id);
    assert.deepEqual(row.slice(3, 5), first ? [id / 2, id] : [0, 0]);
    assert.equal(row[9], first ? id : 0);
  });
});

Deno.test("only the kept rows stay, and new rows begin empty", () => {
  const rollout = new Rollout(spec, 4);
  rollout.appendDecisions(decisions(1, 2, 3, 4));
  rollout.rewards.set([10, 20, 30, 40]);
  rollout.continuous.set([0.1, 0.2, 0.3, 0.4]);
  rollout.keep(Int32Array.of(1, 3));
  const kept = contents(rollout).map((row) => [row[0], row[9]]);
  assert.deepEqual(kept, [[2, 20], [4, 40]]);
  assert.equal(rollout.appendTerminal(decisions(9), 0), 2);
  // No action, mask or reward of the forgotten rows shines through.
  assert.deepEqual(contents(rollout)[2], [9, -9, 81, 0, 0, 0, 0, 0, 0, 0]);
  rollout.clear();
  assert.equal(rollout.size, 0);
});

Deno.test("a snapshot restores every column, whatever was there before", () => {
  const rollout = new Rollout(spec);
  rollout.appendDecisions(decisions(1, 2, 3));
  rollout.rewards.set([1, 2, 3]);
  rollout.continuous.set([4, 5, 6]);
  rollout.discrete.set([1, 0, 0, 0, 1, 0]);
  const snapshot = rollout.snapshot();
  const expected = contents(rollout);
  rollout.rewards.fill(9);
  const restored = new Rollout(spec, 1);
  restored.appendDecisions(decisions(7, 7, 7, 7, 7));
  restored.rewards.fill(7);
  restored.restore(snapshot);
  assert.deepEqual(contents(restored), expected);
  restored.appendTerminal(decisions(9), 0);
  assert.deepEqual(contents(restored)[3], [9, -9, 81, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("snapshots hold the rows in use only", () => {
  const rollout = new Rollout(spec);
  rollout.appendDecisions(decisions(1, 2));
  const shapes = Object.values(rollout.snapshot()).map(({ data, shape }) => {
    assert.equal(data.length, shape[0] * shape[1]);
    return shape;
  });
  assert.deepEqual(shapes, [[2, 1], [2, 1], [2, 2], [2, 3], [2, 2], [2, 1]]);
});

Deno.test("a state to be valued is another row's, without what was done", () => {
  const rollout = new Rollout(spec, 2);
  rollout.appendDecisions(decisions(3, 4));
  rollout.rewards.fill(9);
  rollout.continuous.fill(9);
  assert.equal(rollout.appendState(1), 2);
  assert.deepEqual(contents(rollout)[2], [4, -4, 16, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("mates stay beside their rows", () => {
  const rollout = new Rollout(spec, 1, [], { hasGroups: true });
  rollout.appendDecisions(decisions(1, 2, 3));
  rollout.groups?.set(1, [0, 2]);
  const restored = new Rollout(spec, 1, [], { hasGroups: true });
  restored.restore(rollout.snapshot());
  for (const each of [rollout, restored]) {
    each.keep(Int32Array.of(1, 2));
    assert.deepEqual([...each.groups?.of(0) ?? []], [1]);
    each.appendDecisions(decisions(5));
    assert.deepEqual([...each.groups?.of(2) ?? [9]], []);
  }
});

import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  experienceColumns,
  minibatchRows,
} from "../../lib/train/experience.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { agentRecords } from "../support/agent_records.ts";

const spec = (continuousSize: number, discreteBranches: number[]) => ({
  observationSpecs: [vectorObservation(1), vectorObservation(2)],
  actionSpec: { continuousSize, discreteBranches },
});

function rolloutOf(continuousSize: number, branches: number[]): Rollout {
  const rollout = new Rollout(spec(continuousSize, branches), 10);
  const agents = [{ id: 1, sees: 5 }, { id: 2, sees: 6 }];
  rollout.appendDecisions(agentRecords(rollout.spec, agents).decision);
  return rollout;
}

Deno.test("columns are the rows in use, named as the programs name them", () => {
  const rollout = rolloutOf(1, [2, 3]);
  rollout.continuous.set([0.5, -0.5]);
  rollout.discrete.set([1, 2, 0, 1]);
  const columns = experienceColumns(rollout);
  assert.deepEqual(columns, {
    obs_0: { data: Float32Array.of(5, 6), shape: [2, 1] },
    obs_1: { data: new Float32Array(4), shape: [2, 2] },
    continuous: { data: Float32Array.of(0.5, -0.5), shape: [2, 1] },
    discrete: { data: Int32Array.of(1, 2, 0, 1), shape: [2, 2] },
    mask: { data: new Float32Array(10).fill(1), shape: [2, 5] },
  });
  // They may be handed over: the rollout keeps its own.
  columns.obs_0.data.fill(0);
  assert.deepEqual([...rollout.observations[0].slice(0, 2)], [5, 6]);
});

Deno.test("actions that there are not have no columns", () => {
  const names = (continuousSize: number, branches: number[]) =>
    Object.keys(experienceColumns(rolloutOf(continuousSize, branches)));
  assert.deepEqual(names(1, []), ["obs_0", "obs_1", "continuous"]);
  assert.deepEqual(names(0, [2]), ["obs_0", "obs_1", "discrete", "mask"]);
});

const segments = [
  { rows: Int32Array.of(10, 12, 14), bootstrapRow: -1 },
  { rows: Int32Array.of(11, 15), bootstrapRow: 16 },
];

Deno.test("every epoch shuffles all rows and drops its remainder", () => {
  const random = new RandomGenerator(1, "shuffle");
  const settings = { batch_size: 2, num_epoch: 50 };
  const { data, shape } = minibatchRows(segments, settings, random);
  assert.deepEqual(shape, [100, 2]);
  const counts = new Map<number, number>();
  const orders = new Set<string>();
  for (let epoch = 0; epoch < 50; epoch++) {
    const rows = data.subarray(epoch * 4, epoch * 4 + 4);
    assert.equal(new Set(rows).size, 4, "no row twice in an epoch");
    orders.add(rows.join());
    for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  assert(orders.size > 30);
  const used = [...counts.keys()].sort();
  assert.deepEqual(used, [10, 11, 12, 14, 15]);
  // Each row is the dropped one in about 10 of 50 epochs.
  for (const count of counts.values()) assert(count > 25 && count < 50);
});

Deno.test("too few rows make no minibatch", () => {
  const random = new RandomGenerator(1, "shuffle");
  const settings = { batch_size: 6, num_epoch: 3 };
  const { data, shape } = minibatchRows(segments, settings, random);
  assert.deepEqual([data.length, shape], [0, [0, 6]]);
});

Deno.test("the same generator gives the same minibatches", () => {
  const draw = (seed: number) => {
    const random = new RandomGenerator(seed, "shuffle");
    return minibatchRows(segments, { batch_size: 2, num_epoch: 9 }, random);
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

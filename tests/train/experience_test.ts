import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  experienceColumns,
  takeRange,
  takeRows,
} from "../../lib/train/experience.ts";
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
  assert.equal(columns.obs_0.data.buffer, rollout.observations[0].buffer);
});

Deno.test("actions that there are not have no columns", () => {
  const names = (continuousSize: number, branches: number[]) =>
    Object.keys(experienceColumns(rolloutOf(continuousSize, branches)));
  assert.deepEqual(names(1, []), ["obs_0", "obs_1", "continuous"]);
  assert.deepEqual(names(0, [2]), ["obs_0", "obs_1", "discrete", "mask"]);
});

Deno.test("a range of rows is a copy of its own", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const columns = { obs_0: { data, shape: [3, 2] } };
  const { obs_0: taken } = takeRange(columns, 1, 3);
  assert.deepEqual(taken, { data: Float32Array.of(3, 4, 5, 6), shape: [2, 2] });
  taken.data.fill(0);
  assert.deepEqual([...data], [1, 2, 3, 4, 5, 6]);
});

Deno.test("rows are taken in the order asked for, twice where asked twice", () => {
  const columns = {
    obs_0: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
    discrete: { data: Int32Array.of(7, 8, 9), shape: [3, 1] },
  };
  assert.deepEqual(takeRows(columns, Int32Array.of(2, 0, 2)), {
    obs_0: { data: Float32Array.of(5, 6, 1, 2, 5, 6), shape: [3, 2] },
    discrete: { data: Int32Array.of(9, 7, 9), shape: [3, 1] },
  });
});

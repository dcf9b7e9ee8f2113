import assert from "node:assert/strict";
import { checkpointReport } from "../../../lib/api/inspect/checkpoint_report.ts";

const array = (...shape: number[]) => ({
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
  shape,
});

const checkpoint = {
  path: "c",
  behavior: "Striker",
  step: 12_345,
  reward: null,
  moment: "",
  behaviors: ["Goalie", "Striker"],
  state: {
    "actor.body.0.weight": array(3, 8),
    "actor.adam.first": array(24),
    "collector.rollout.column.0": array(9, 1),
    "normalizer.2.count": { data: Float64Array.of(1500), shape: [] },
  },
  runState: {},
};

Deno.test("older checkpoints do not tell what agents see and do", () => {
  const { title, facts, table } = checkpointReport("c", checkpoint);
  assert.equal(title, "c: a checkpoint of a training run");
  assert.deepEqual(facts, [
    ["behavior", "Striker"],
    ["saved with", "Goalie"],
    ["step", "12,345"],
    ["mean reward", "no episode had ended"],
    ["parameters", "24: actor 24"],
    ["normalizers", "obs_2: 1,500 observations"],
  ]);
  assert.deepEqual(table.slice(1), [["actor.body.0", "3 x 8", "24"]]);
});

Deno.test("sensors have their names where they have one, and goals are told", () => {
  const sensor = (name: string, observationType: "default" | "goal") => ({
    name,
    shape: [2],
    dimensionProperties: [1],
    observationType,
  });
  const { facts } = checkpointReport("c", {
    ...checkpoint,
    reward: -1.25,
    spec: {
      observationSpecs: [sensor("", "default"), sensor("Target", "goal")],
      actionSpec: { continuousSize: 1, discreteBranches: [2, 3] },
    },
  });
  assert.deepEqual(facts.slice(3, 7), [
    ["mean reward", "-1.250"],
    ["observations", "[2]"],
    ["", "Target [2] (goal)"],
    ["actions", "1 continuous and discrete of 2 x 3 choices"],
  ]);
});

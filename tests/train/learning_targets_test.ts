import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  learningTargets,
  segmentMeans,
} from "../../lib/train/learning_targets.ts";
import { agentRecords } from "../support/agent_records.ts";
import { assertClose } from "../support/closeness.ts";

/** Six rows; agents' rows lie interleaved. */
function rolloutWith(...rewards: number[]): Rollout {
  const rollout = new Rollout({
    observationSpecs: [vectorObservation(1)],
    actionSpec: { continuousSize: 1, discreteBranches: [] },
  });
  const agents = rewards.map((_, id) => ({ id }));
  rollout.appendDecisions(agentRecords(rollout.spec, agents).decision);
  rollout.rewards.set(rewards);
  return rollout;
}

const extrinsic = { name: "extrinsic", gamma: 0.9, strength: 1 };

/** Rows 0, 2 of one agent, cut before row 5; row 1 of another, ended. */
const segments = [
  { rows: Int32Array.of(0, 2), bootstrapRow: 5 },
  { rows: Int32Array.of(1), bootstrapRow: -1 },
];

Deno.test("returns and normalised advantages as worked out by hand", () => {
  const values = { data: Float32Array.of(1, 4, 3, 60, 60, 10), shape: [6, 1] };
  const columns = learningTargets({
    rollout: rolloutWith(1, 7, 2, 50, 50, 50),
    segments,
    values,
    signals: [extrinsic],
    lambda: 0.5,
  });
  // A_2 = 2 + 0.9 * 10 - 3 = 8; A_0 = 1 + 0.9 * 3 - 1 + 0.45 * 8 = 6.3;
  // A_1 = 7 - 4 = 3. Returns are A + V.
  assertClose(columns.returns.data, [7.3, 7, 11, 0, 0, 0], 1e-6);
  assert.deepEqual(columns.returns.shape, [6, 1]);
  // Mean 17.3 / 3, population deviation over these three rows only.
  const mean = 17.3 / 3;
  const deviation = Math.sqrt(
    ((8 - mean) ** 2 + (6.3 - mean) ** 2 + (3 - mean) ** 2) / 3,
  );
  const normalized = [6.3, 3, 8].map((a) => (a - mean) / deviation);
  assertClose(columns.advantages.data, [...normalized, 0, 0, 0], 1e-6);
  assert.deepEqual(columns.advantages.shape, [6]);
  assert.deepEqual(segmentMeans(values, segments), [[2, 4]]);
});

Deno.test("every signal has its own strength, gamma, values and returns", () => {
  // Values of both signals, row by row.
  const values = {
    data: Float32Array.of(1, 2, 4, 1, 3, 2, 0, 0, 0, 0, 10, 4),
    shape: [6, 2],
  };
  const columns = learningTargets({
    rollout: rolloutWith(1, 7, 2, 0, 0, 0),
    segments,
    values,
    signals: [extrinsic, { name: "other", gamma: 0.5, strength: 10 }],
    lambda: 0.5,
  });
  // The second: A_2 = 20 + 0.5 * 4 - 2 = 20;
  // A_0 = 10 + 0.5 * 2 - 2 + 0.25 * 20 = 14; A_1 = 70 - 1 = 69.
  const returns = [7.3, 16, 7, 70, 11, 22, 0, 0, 0, 0, 0, 0];
  assertClose(columns.returns.data, returns, 1e-6);
  // Advantages are means over signals before they are normalised.
  const combined = [(6.3 + 14) / 2, (3 + 69) / 2, (8 + 20) / 2];
  const mean = combined.reduce((sum, a) => sum + a) / 3;
  const squares = combined.reduce((sum, a) => sum + (a - mean) ** 2, 0);
  const normalized = combined.map((a) => (a - mean) / Math.sqrt(squares / 3));
  assertClose(columns.advantages.data.slice(0, 3), normalized, 1e-6);
  assert.deepEqual(segmentMeans(values, segments), [[2, 4], [2, 1]]);
});

Deno.test("with baselines returns stay and advantages are what exceeds them", () => {
  const columns = learningTargets({
    rollout: rolloutWith(1, 7, 2, 50, 50, 50),
    segments,
    values: { data: Float32Array.of(1, 4, 3, 60, 60, 10), shape: [6, 1] },
    baselines: { data: Float32Array.of(2, 1, 5, 70, 70, 70), shape: [6, 1] },
    signals: [extrinsic],
    lambda: 0.5,
  });
  // G_2 = 2 + 0.9 * 10 = 11; G_0 = 1 + 0.9 (0.5 * 11 + 0.5 * 3) = 7.3; G_1 = 7.
  assertClose(columns.returns.data, [7.3, 7, 11, 0, 0, 0], 1e-6);
  const combined = [7.3 - 2, 7 - 1, 11 - 5];
  const mean = combined.reduce((sum, a) => sum + a) / 3;
  const squares = combined.reduce((sum, a) => sum + (a - mean) ** 2, 0);
  const normalized = combined.map((a) => (a - mean) / Math.sqrt(squares / 3));
  assertClose(columns.advantages.data, [...normalized, 0, 0, 0], 1e-5);
});

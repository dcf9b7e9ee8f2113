import assert from "node:assert/strict";
import {
  noteReport,
  reportArray,
  restoredReport,
  type SacReport,
} from "../../lib/train/sac_report.ts";
import { Statistics } from "../../lib/train/statistics.ts";

const report: SacReport = {
  policyLoss: -1,
  valueLoss: 2,
  q1Loss: 3,
  q2Loss: 4,
  entropy: 5,
  continuousTemperature: 0.25,
  discreteTemperature: null,
  learningRate: 3e-4,
  values: [6, 7],
};

Deno.test("a report goes into a state and comes back, none as well", () => {
  for (const each of [report, { ...report, discreteTemperature: 1 }, null]) {
    assert.deepEqual(restoredReport(reportArray(each)), each);
  }
});

Deno.test("the tags are those of the reference, the policy's loss has its sign", () => {
  const statistics = new Statistics();
  const signals = ["extrinsic", "curiosity"].map((name) => ({
    name,
    gamma: 0.99,
    strength: 1,
  }));
  noteReport(report, signals, statistics);
  const means = [...statistics.take()].map(([tag, { mean }]) => [tag, mean]);
  assert.deepEqual(means, [
    ["Policy/Extrinsic Value", 6],
    ["Policy/Curiosity Value", 7],
    ["Policy/Entropy", 5],
    ["Losses/Policy Loss", -1],
    ["Losses/Value Loss", 2],
    ["Losses/Q1 Loss", 3],
    ["Losses/Q2 Loss", 4],
    ["Policy/Continuous Entropy Coeff", 0.25],
    ["Policy/Learning Rate", 3e-4],
  ]);
});

import assert from "node:assert/strict";
import type { StatisticSummary, Summary } from "../../lib/events.ts";
import { summaryLine } from "../../lib/ui/summary_line.ts";

const SUMMARY: Summary = {
  type: "summary",
  behavior: "3DBall",
  step: 12000,
  elapsedSeconds: 1.2341,
  statistics: new Map(),
  isTraining: true,
  meanReward: 1.1628,
  standardDeviation: 0.669,
};

function mean(value: number): StatisticSummary {
  return {
    aggregation: "average",
    value: NaN,
    mean: value,
    standardDeviation: 0,
    sum: 0,
    count: 1,
  };
}

Deno.test("a summary is one line of the documented form", () => {
  assert.equal(
    summaryLine(SUMMARY),
    "3DBall. Step: 12000. Time Elapsed: 1.234 s. Mean Reward: 1.163. " +
      "Std of Reward: 0.669. Training.",
  );
});

Deno.test("group reward replaces the deviation, rating follows the training", () => {
  const statistics = new Map([
    ["Environment/Group Cumulative Reward", mean(3.5)],
    ["Self-play/ELO", mean(1213.5)],
  ]);
  assert.equal(
    summaryLine({ ...SUMMARY, statistics, isTraining: false }),
    "3DBall. Step: 12000. Time Elapsed: 1.234 s. Mean Reward: 1.163. " +
      "Mean Group Reward: 3.500. Not Training. ELO: 1213.500.",
  );
});

Deno.test("without an ended episode the line says so", () => {
  assert.equal(
    summaryLine({ ...SUMMARY, meanReward: null, standardDeviation: null }),
    "3DBall. Step: 12000. Time Elapsed: 1.234 s. " +
      "No episode has ended since the last summary. Training.",
  );
});

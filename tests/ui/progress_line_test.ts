import assert from "node:assert/strict";
import type { Progress } from "../../lib/events.ts";
import { progressLine } from "../../lib/ui/progress_line.ts";

const PROGRESS: Progress = {
  type: "progress",
  behavior: "3DBall",
  step: 123456,
  maxSteps: 500000,
  elapsedSeconds: 5,
  stepsPerSecond: 25000,
  meanReward: 45.126,
};

Deno.test("the live line has steps, reward, speed and the time left", () => {
  assert.equal(
    progressLine([PROGRESS]),
    "3DBall 123,456 / 500,000 (24 %) reward 45.13, 25,000 steps/s, 15 s left",
  );
});

Deno.test("what is not known is left out", () => {
  assert.equal(
    progressLine([{
      ...PROGRESS,
      step: 0,
      stepsPerSecond: 0,
      meanReward: null,
    }]),
    "3DBall 0 / 500,000 (0 %), 0.0 steps/s",
  );
  assert.equal(
    progressLine([{ ...PROGRESS, step: 500012 }]),
    "3DBall 500,012 / 500,000 (100 %) reward 45.13, 25,000 steps/s",
  );
  assert.equal(
    progressLine([{ ...PROGRESS, maxSteps: 0 }]),
    "3DBall 123,456 steps reward 45.13, 25,000 steps/s",
  );
});

Deno.test("several behaviors are shortened, the slowest tells the time", () => {
  assert.equal(
    progressLine([
      PROGRESS,
      { ...PROGRESS, behavior: "Basic", step: 0, stepsPerSecond: 5000 },
      { ...PROGRESS, behavior: "Wall", maxSteps: 0, meanReward: null },
    ]),
    "3DBall 24 % reward 45.13, Basic 0 % reward 45.13, Wall 123,456, " +
      "55,000 steps/s, 1 min 40 s left",
  );
});

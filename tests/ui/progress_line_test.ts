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

Deno.test("the live line has steps, speed, reward and the time left", () => {
  assert.equal(
    progressLine([PROGRESS]),
    "3DBall 123,456 of 500,000 steps (24 %), 25,000 steps/s, reward 45.13, " +
      "15 s left",
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
    "3DBall 0 of 500,000 steps (0 %), 0.0 steps/s",
  );
  assert.equal(
    progressLine([{ ...PROGRESS, step: 500012 }]),
    "3DBall 500,012 of 500,000 steps (100 %), 25,000 steps/s, reward 45.13",
  );
  assert.equal(
    progressLine([{ ...PROGRESS, maxSteps: 0 }]),
    "3DBall 123,456, 25,000 steps/s, reward 45.13",
  );
});

Deno.test("behaviors stand side by side", () => {
  const line = progressLine([PROGRESS, { ...PROGRESS, behavior: "Basic" }]);
  assert.match(line, /^3DBall .* \| Basic .* left$/);
});

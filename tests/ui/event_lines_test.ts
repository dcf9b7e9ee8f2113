import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunEnded, RunStarted } from "../../lib/events.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  behaviorLine,
  checkpointLine,
  endLine,
  noticeLine,
  startLine,
} from "../../lib/ui/event_lines.ts";

const STARTED: RunStarted = {
  type: "run_started",
  runId: "ball 1",
  seed: 7,
  resumed: false,
  inference: false,
};

const ENDED: RunEnded = {
  type: "run_ended",
  reason: "finished",
  elapsedSeconds: 19.4,
  steps: { "3DBall": 500012 },
  timers: { total: 0, count: 1, children: {} },
};

Deno.test("a start tells the run, its seed and its kind", () => {
  assert.equal(startLine(STARTED), 'Run "ball 1" starts, seed 7.');
  assert.equal(
    startLine({ ...STARTED, resumed: true }),
    'Run "ball 1" goes on, seed 7.',
  );
  assert.equal(
    startLine({ ...STARTED, resumed: true, inference: true }),
    'Run "ball 1" shows what it has learned, seed 7.',
  );
  assert.equal(
    startLine({ ...STARTED, inference: true, models: ["a.onnx", "b.onnx"] }),
    "Acting with a.onnx, b.onnx, seed 7.",
  );
});

Deno.test("a behavior tells what it sees, does and has learned", () => {
  const event = {
    type: "behavior_started",
    behavior: "3DBall",
    trainerType: "ppo",
    step: 1200,
    maxSteps: 500000,
    settings: {},
  } as const;
  const observationSpecs = [vectorObservation(8), vectorObservation(3)];
  const line = (
    continuousSize: number,
    discreteBranches: number[],
    maxSteps = 500000,
  ) =>
    behaviorLine({
      ...event,
      maxSteps,
      spec: {
        observationSpecs,
        actionSpec: { continuousSize, discreteBranches },
      },
    });
  assert.equal(
    line(2, []),
    "3DBall. ppo, 8 + 3 observations, 2 continuous actions, " +
      "step 1,200 of 500,000.",
  );
  assert.match(line(0, [3, 2]), /, discrete actions of 3 x 2 choices,/);
  assert.match(line(2, [], 0), /, 2 continuous actions\.$/);
  assert.match(line(1, [3]), /, 1 continuous action and discrete actions of 3/);
  observationSpecs[0] = { ...vectorObservation(1), shape: [3, 84, 100] };
  assert.match(line(2, []), /ppo, 3x84x100 \+ 3 observations, 2 continuous/);
});

Deno.test("a checkpoint tells where it is", () => {
  const event = {
    type: "checkpoint",
    behavior: "A",
    trainerType: "ppo",
    spec: {
      observationSpecs: [],
      actionSpec: { continuousSize: 0, discreteBranches: [] },
    },
    step: 499,
    reward: null,
    state: {},
    runState: {},
    model: new Uint8Array(0),
    final: false,
  } as const;
  const folder = join("results", "r");
  assert.equal(
    checkpointLine(event, folder),
    `A. Saved step 499 in ${join(folder, "A")}.`,
  );
  assert.equal(
    checkpointLine({ ...event, final: true }, folder),
    `A. Saved step 499, model ${join(folder, "A.onnx")}.`,
  );
});

Deno.test("a notice names its behavior", () => {
  const notice = { type: "notice", level: "info", message: "Hm." } as const;
  assert.equal(noticeLine(notice), "Hm.");
  assert.equal(noticeLine({ ...notice, behavior: "A" }), "A. Hm.");
});

Deno.test("an end tells how far the run came and how to go on", () => {
  assert.equal(
    endLine(ENDED, STARTED, "results/r"),
    "Finished after 19 s, 3DBall at step 500,012. Results: results/r.",
  );
  assert.equal(
    endLine({ ...ENDED, reason: "stopped" }, STARTED, "results/r"),
    "Stopped after 19 s, 3DBall at step 500,012. Results: results/r. " +
      'To go on: the same command with --run-id="ball 1" --resume.',
  );
  assert.equal(
    endLine(
      { ...ENDED, reason: "failed", steps: {} },
      { ...STARTED, runId: "r" },
      "results/r",
    ),
    "Failed after 19 s. Results: results/r. " +
      "To go on: the same command with --run-id=r --resume.",
  );
  assert.equal(
    endLine(
      { ...ENDED, reason: "stopped" },
      { ...STARTED, inference: true },
      "results/r",
    ),
    "Stopped after 19 s, 3DBall at step 500,012.",
  );
});

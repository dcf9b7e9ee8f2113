import assert from "node:assert/strict";
import { join } from "node:path";
import type { Progress, RunEvent } from "../../lib/events.ts";
import { Console } from "../../lib/ui/console.ts";

const CLEAR = "\r\x1b[K";

const STARTED: RunEvent = {
  type: "run_started",
  runId: "r",
  seed: 7,
  resumed: false,
  inference: false,
};

const ENDED: RunEvent = {
  type: "run_ended",
  reason: "finished",
  elapsedSeconds: 2,
  steps: {},
  timers: { total: 0, count: 1, children: {} },
};

const NOTICE: RunEvent = { type: "notice", level: "warning", message: "Hm." };

function progress(step: number): Progress {
  return {
    type: "progress",
    behavior: "A",
    step,
    maxSteps: 100,
    elapsedSeconds: 1,
    stepsPerSecond: 10,
    meanReward: null,
  };
}

/** A console with a clock of its own that writes into a list. */
function makeConsole(isInteractive: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { time: 0 };
  const view = new Console({
    terminal: {
      write: (text) => written.push(text),
      isInteractive,
      columns: () => columns,
    },
    resultsDirectory: "results",
    now: () => clock.time,
  });
  return { view, written, clock };
}

Deno.test("without a terminal there are plain lines only", () => {
  const { view, written } = makeConsole(false);
  const summary: RunEvent = {
    type: "summary",
    behavior: "3DBall",
    step: 12000,
    elapsedSeconds: 1.234,
    statistics: new Map(),
    isTraining: true,
    meanReward: 1.163,
    standardDeviation: 0.669,
  };
  for (const event of [STARTED, progress(1), summary, NOTICE, ENDED]) {
    view.handle(event);
  }
  assert.deepEqual(written, [
    '[INFO] Run "r" starts, seed 7.\n',
    "[INFO] 3DBall. Step: 12000. Time Elapsed: 1.234 s. Mean Reward: 1.163. " +
    "Std of Reward: 0.669. Training.\n",
    "[WARNING] Hm.\n",
    `[INFO] Finished after 2 s. Results: ${join("results", "r")}.\n`,
  ]);
});

Deno.test("the live line is drawn at most ten times a second", () => {
  const { view, written, clock } = makeConsole(true);
  for (let step = 0; step < 100; step++) {
    clock.time = 10 * step;
    view.handle(progress(step));
  }
  assert.equal(written.length, 10);
  assert.equal(
    written[9],
    `${CLEAR}A 90 / 100 (90 %), 10 steps/s, 1 s left`,
  );
});

Deno.test("the live line makes room for other lines and comes back", () => {
  const { view, written, clock } = makeConsole(true);
  view.handle(progress(1));
  view.handle(NOTICE);
  clock.time = 100;
  view.handle(NOTICE);
  view.handle(NOTICE);
  const live = `${CLEAR}A 1 / 100 (1 %), 10 steps/s, 10 s left`;
  assert.deepEqual(written, [
    live,
    CLEAR,
    "[WARNING] Hm.\n",
    "[WARNING] Hm.\n",
    live,
    CLEAR,
    "[WARNING] Hm.\n",
  ]);
});

Deno.test("the live line fits the terminal and leaves the last column free", () => {
  const { view, written } = makeConsole(true, 20);
  view.handle(progress(1));
  assert.equal(written[0], `${CLEAR}A 1 / 100 (1 %), 1…`);
  assert.equal(written[0].length - CLEAR.length, 19);
});

Deno.test("nothing is left of the live line at the end", () => {
  const { view, written, clock } = makeConsole(true);
  view.handle(STARTED);
  view.handle(progress(1));
  clock.time = 1000;
  view.handle(ENDED);
  assert.equal(written.at(-2), CLEAR);
  assert.match(written.at(-1) ?? "", /^\[INFO\] Finished/);
  view.clear();
  assert.match(written.at(-1) ?? "", /^\[INFO\] Finished/);
});

Deno.test("a run that failed before it started has no end to tell", () => {
  const { view, written } = makeConsole(true);
  view.handle({ ...ENDED, reason: "failed" });
  assert.deepEqual(written, []);
});

const WAITING: RunEvent = { type: "waiting", message: "Press Play." };

Deno.test("what is waited for turns until the next event, and leaves", () => {
  const { view, written } = makeConsole(true);
  view.handle(WAITING);
  view.handle(NOTICE);
  view.handle(WAITING);
  view.clear();
  const line = `${CLEAR}⠋ Press Play.`;
  assert.deepEqual(written, [line, CLEAR, "[WARNING] Hm.\n", line, CLEAR]);
});

Deno.test("without a terminal what is waited for is a line", () => {
  const { view, written } = makeConsole(false);
  view.handle(WAITING);
  view.handle(NOTICE);
  assert.deepEqual(written, ["[INFO] Press Play.\n", "[WARNING] Hm.\n"]);
});

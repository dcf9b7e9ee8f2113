import assert from "node:assert/strict";
import type { Progress, RunEvent } from "../../lib/events.ts";
import { ProgressReporter } from "../../lib/train/progress_reporter.ts";
import { tags } from "../../lib/train/statistics.ts";
import { Timers } from "../../lib/train/timers.ts";
import { IdleTrainer } from "../support/idle_trainer.ts";

const spec = {
  observationSpecs: [],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

/** A reporter whose clock, in milliseconds, the test turns on. */
class Case {
  readonly trainers = ["A", "B"].map((name) => new IdleTrainer(name, spec));
  readonly #reported: RunEvent[] = [];
  #now = 5000;
  readonly #reporter = new ProgressReporter(
    (event) => void this.#reported.push(event),
    new Timers(() => this.#now),
  );

  /** What is told after so many more milliseconds. */
  async breatheAfter(milliseconds: number) {
    this.#now += milliseconds;
    let hasTurned = false;
    setImmediate(() => hasTurned = true);
    await this.#reporter.breathe(this.trainers);
    const reports = this.#reported.splice(0).filter((
      event,
    ): event is Progress => event.type === "progress");
    return { hasTurned, reports };
  }
}

Deno.test("live figures ten times a second, a breath in between", async () => {
  const it = new Case();
  const heard = [];
  for (const milliseconds of [0, 5, 4, 1, 89, 1, 99, 1]) {
    const { hasTurned, reports } = await it.breatheAfter(milliseconds);
    heard.push([hasTurned, reports.map(({ behavior }) => behavior).join("")]);
  }
  assert.deepEqual(heard, [
    [true, "AB"],
    [false, ""],
    [false, ""],
    [true, ""],
    [true, ""],
    [false, ""],
    [true, "AB"],
    [false, ""],
  ]);
});

Deno.test("speed looks back over the last few seconds", async () => {
  const it = new Case();
  const [trainer] = it.trainers;
  const speedAfter = async (milliseconds: number, steps: number) => {
    trainer.step += steps;
    const { reports: [{ step, stepsPerSecond, elapsedSeconds }] } = await it
      .breatheAfter(milliseconds);
    assert.equal(step, trainer.step);
    return [elapsedSeconds, stepsPerSecond];
  };
  assert.deepEqual(await speedAfter(0, 0), [0, 0]);
  assert.deepEqual(await speedAfter(1000, 500), [1, 500]);
  assert.deepEqual(await speedAfter(1000, 300), [2, 400]);
  assert.deepEqual(await speedAfter(2000, 1200), [4, 500]);
  // From here on the first seconds are forgotten.
  assert.deepEqual(await speedAfter(1000, 100), [5, 100]);
});

Deno.test("the mean return so far, if an episode has ended", async () => {
  const it = new Case();
  const [trainer] = it.trainers;
  const mean = async () => (await it.breatheAfter(100)).reports[0].meanReward;
  assert.equal(await mean(), null);
  trainer.statistics.add(tags.cumulativeReward, 3, "histogram");
  trainer.statistics.add(tags.cumulativeReward, 5, "histogram");
  assert.equal(await mean(), 4);
});

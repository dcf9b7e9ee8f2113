import type { EventSink } from "../events.ts";
import { tags } from "./statistics.ts";
import type { Timers } from "./timers.ts";
import type { Trainer } from "./trainer.ts";

/** Milliseconds between live figures, and between looks at the event loop. */
const progressInterval = 100;
const breathInterval = 10;

/** Lets signals and other work run, and reports live figures. */
export class ProgressReporter {
  readonly #emit: EventSink;
  readonly #timers: Timers;
  readonly #past = new Map<Trainer, { step: number; time: number }>();
  #nextProgress = 0;
  #nextBreath = 0;

  constructor(emit: EventSink, timers: Timers) {
    this.#emit = emit;
    this.#timers = timers;
  }

  /**
   * To be called often; returns at once if it is too early for anything, unless
   * other work that `isAwaited` is to get on.
   */
  async breathe(
    trainers: Iterable<Trainer>,
    isAwaited = false,
  ): Promise<void> {
    const now = this.#timers.now();
    if (now < this.#nextBreath && !isAwaited) return;
    this.#nextBreath = now + breathInterval;
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + progressInterval;
      for (const trainer of trainers) await this.#report(trainer, now);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #report(trainer: Trainer, now: number): Promise<void> {
    const { behavior, step, maxSteps, statistics } = trainer;
    const last = this.#past.get(trainer) ?? { step, time: now };
    const seconds = (now - last.time) / 1000;
    // Experience is counted in pieces: look back over a few of them.
    if (seconds > 3 || seconds === 0) {
      this.#past.set(trainer, { step, time: now });
    }
    await this.#emit({
      type: "progress",
      behavior,
      step,
      maxSteps,
      elapsedSeconds: this.#timers.elapsed(),
      stepsPerSecond: seconds > 0 ? (step - last.step) / seconds : 0,
      meanReward: statistics.mean(tags.cumulativeReward),
    });
  }
}

/** The training loop: observe, learn, act, step; and what to tell of it. */
import type { Environment } from "../env/env.ts";
import type { EventSink, RunEnded } from "../events.ts";
import { type BehaviorSpec, parseBehaviorName } from "../spec.ts";
import {
  addPrefix,
  type NamedArrays,
  takePrefix,
  vectorArray,
} from "../util/arrays.ts";
import { tags } from "./statistics.ts";
import type { Timers } from "./timers.ts";
import type { Trainer } from "./trainer.ts";

/** State of an earlier run to continue from. */
export interface SavedRun {
  readonly behaviors: ReadonlyMap<string, NamedArrays>;
  readonly runState: NamedArrays;
}

export interface TrainingRunOptions {
  readonly runId: string;
  readonly seed: number;
  readonly inference: boolean;
  readonly environment: Environment;
  readonly emit: EventSink;
  readonly timers: Timers;
  /** Ends the run after the present step, with everything saved. */
  readonly stop: AbortSignal;
  readonly saved?: SavedRun;
  /** Called once the environment is up, before anything is written. */
  readonly onBehaviors: (names: readonly string[]) => void | Promise<void>;
  /** Called for each behaviour when it first appears. */
  readonly createTrainer: (
    behavior: string,
    spec: BehaviorSpec,
  ) => Promise<Trainer>;
}

/** Milliseconds between live figures, and between looks at the event loop. */
const progressInterval = 100;
const breathInterval = 10;
const environmentPrefix = "environment.";

/** Why a checkpoint is made. */
type Occasion = "interval" | "end" | "failure";

/** A behaviour of the environment, team included, and who trains it. */
interface Source {
  readonly fullName: string;
  readonly index: number;
  readonly trainer: Trainer;
}

/** One run from start to end. */
export class TrainingRun {
  readonly #options: TrainingRunOptions;
  readonly #trainers = new Map<string, Trainer>();
  readonly #sources = new Map<string, Source>();
  readonly #speed = new Map<string, { step: number; time: number }>();
  #hasStarted = false;
  #nextProgress = 0;
  #nextBreath = 0;

  constructor(options: TrainingRunOptions) {
    this.#options = options;
  }

  /**
   * Trains until all behaviours are done or `stop` fires, then saves. Rejects
   * with the cause when the environment or a sink fails; what was learned is
   * saved first where that is possible.
   */
  async run(): Promise<void> {
    const { stop } = this.#options;
    try {
      const restored = await this.#begin();
      await this.#loop(restored).catch((error) => {
        // Whoever waits for a player is woken by the signal itself.
        if (!stop.aborted || error !== stop.reason) throw error;
      });
      await this.#checkpoint("end");
      await this.#end(stop.aborted ? "stopped" : "finished");
    } catch (error) {
      await this.#saveAfterFailure();
      throw error;
    } finally {
      for (const trainer of this.#trainers.values()) trainer.close();
    }
  }

  /** `acting`: the experience so far is taken in, actions come next. */
  async #loop(acting: boolean): Promise<void> {
    const { environment, timers } = this.#options;
    while (true) {
      if (!acting) await this.#learn();
      acting = false;
      if (this.#isOver()) return;
      let begin = timers.now();
      for (const { fullName, index, trainer } of this.#sources.values()) {
        environment.setActions(fullName, trainer.act(index));
      }
      timers.add("act", begin);
      begin = timers.now();
      await environment.step();
      timers.add("environment", begin);
    }
  }

  /** True when a saved state was restored, which stands before acting. */
  async #begin(): Promise<boolean> {
    const { environment, emit, saved, inference, runId, seed } = this.#options;
    const state = takePrefix(environmentPrefix, saved?.runState ?? {});
    const restores = !inference && Object.keys(state).length > 0;
    if (environment.restore && restores) environment.restore(state);
    else await environment.reset();
    const fullNames = [...environment.behaviorSpecs.keys()];
    await this.#options.onBehaviors([
      ...new Set(fullNames.map((each) => parseBehaviorName(each).name)),
    ]);
    // What cannot be continued must fail before anything is replaced.
    const newcomers = await this.#enlist();
    this.#hasStarted = true;
    await emit({
      type: "run_started",
      runId,
      seed,
      resumed: saved !== undefined,
      inference,
    });
    await this.#introduce(newcomers);
    if (restores) return true;
    for (const trainer of this.#trainers.values()) trainer.forgetUnfinished();
    return false;
  }

  /** Gives trainers to behaviours that appeared; returns the new ones. */
  async #enlist(): Promise<readonly Trainer[]> {
    const { environment, saved, createTrainer } = this.#options;
    const newcomers: Trainer[] = [];
    for (const [fullName, spec] of environment.behaviorSpecs) {
      if (this.#sources.has(fullName)) continue;
      const { name } = parseBehaviorName(fullName);
      let trainer = this.#trainers.get(name);
      if (!trainer) {
        trainer = await createTrainer(name, spec);
        const state = saved?.behaviors.get(name);
        try {
          if (state) trainer.restore(state);
        } catch (error) {
          trainer.close();
          throw error;
        }
        this.#trainers.set(name, trainer);
        newcomers.push(trainer);
      }
      const index = this.#sources.size;
      this.#sources.set(fullName, { fullName, index, trainer });
    }
    return newcomers;
  }

  async #introduce(newcomers: readonly Trainer[]): Promise<void> {
    for (const trainer of newcomers) {
      await this.#options.emit({
        type: "behavior_started",
        behavior: trainer.behavior,
        spec: trainer.spec,
        trainerType: trainer.trainerType,
        step: trainer.step,
        maxSteps: trainer.maxSteps,
        settings: trainer.settings,
      });
    }
  }

  async #learn(): Promise<void> {
    const { environment, emit, timers } = this.#options;
    if (environment.behaviorSpecs.size !== this.#sources.size) {
      await this.#introduce(await this.#enlist());
    }
    const begin = timers.now();
    for (const { fullName, index, trainer } of this.#sources.values()) {
      const due = trainer.ingest(index, environment.getSteps(fullName));
      for (const { step, statistics } of due) {
        const reward = statistics.get(tags.cumulativeReward);
        await emit({
          type: "summary",
          behavior: trainer.behavior,
          step,
          elapsedSeconds: timers.elapsed(),
          statistics,
          isTraining: !this.#options.inference,
          meanReward: reward?.mean ?? null,
          standardDeviation: reward?.standardDeviation ?? null,
        });
      }
    }
    this.#noteStatistics();
    timers.add("collect", begin);
    for (const trainer of this.#trainers.values()) {
      await trainer.updateIfReady();
    }
    const due = [...this.#trainers.values()].map((trainer) =>
      trainer.takeCheckpointDue()
    );
    if (due.includes(true) && !this.#isOver()) {
      await this.#checkpoint("interval");
    }
    await this.#breathe();
  }

  /** Figures that the environment reports go to every behaviour. */
  #noteStatistics(): void {
    for (const report of this.#options.environment.takeStatistics()) {
      const { name, value, aggregation } = report;
      for (const { statistics } of this.#trainers.values()) {
        statistics.add(name, value, aggregation);
      }
    }
  }

  #isOver(): boolean {
    const { stop, inference } = this.#options;
    if (stop.aborted) return true;
    if (inference || this.#trainers.size === 0) return false;
    return [...this.#trainers.values()].every(({ isLearning }) => !isLearning);
  }

  /** Lets signals and other work run, and reports live figures. */
  async #breathe(): Promise<void> {
    const now = performance.now();
    if (now < this.#nextBreath) return;
    this.#nextBreath = now + breathInterval;
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + progressInterval;
      for (const trainer of this.#trainers.values()) {
        await this.#progress(trainer, now);
      }
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #progress(trainer: Trainer, now: number): Promise<void> {
    const { behavior, step, maxSteps, statistics } = trainer;
    const last = this.#speed.get(behavior) ?? { step, time: now };
    const seconds = (now - last.time) / 1000;
    // Experience is counted in pieces: look back over a few of them.
    if (seconds > 3 || seconds === 0) {
      this.#speed.set(behavior, { step, time: now });
    }
    await this.#options.emit({
      type: "progress",
      behavior,
      step,
      maxSteps,
      elapsedSeconds: this.#options.timers.elapsed(),
      stepsPerSecond: seconds > 0 ? (step - last.step) / seconds : 0,
      meanReward: statistics.mean(tags.cumulativeReward),
    });
  }

  async #checkpoint(occasion: Occasion): Promise<void> {
    const { environment, emit, inference, timers } = this.#options;
    if (inference) return;
    const begin = timers.now();
    const trainers = [...this.#trainers.values()];
    // A failure may have come in the midst of a step: begin anew after it.
    const state = occasion === "failure" ? {} : environment.snapshot?.() ?? {};
    const runState = {
      ...addPrefix(environmentPrefix, state),
      // Tells this moment from others, also without an environment's state.
      steps: vectorArray(Float64Array.from(trainers, ({ step }) => step)),
    };
    for (const trainer of trainers) {
      await emit({
        type: "checkpoint",
        behavior: trainer.behavior,
        step: trainer.step,
        reward: trainer.recentReward,
        state: trainer.snapshot(),
        runState,
        model: trainer.exportModel(),
        final: occasion === "end",
      });
    }
    timers.add("checkpoint", begin);
  }

  async #end(reason: RunEnded["reason"]): Promise<void> {
    const { emit, timers } = this.#options;
    const steps = [...this.#trainers.values()].map(({ behavior, step }) =>
      [behavior, step] as const
    );
    await emit({
      type: "run_ended",
      reason,
      elapsedSeconds: timers.elapsed(),
      steps: Object.fromEntries(steps),
      timers: timers.tree(),
    });
  }

  /** Best effort: the failure itself is what the user must hear about. */
  async #saveAfterFailure(): Promise<void> {
    if (!this.#hasStarted) return;
    try {
      await this.#checkpoint("failure");
    } catch {
      // The earlier checkpoints are still there.
    }
    try {
      await this.#end("failed");
    } catch {
      // Likewise.
    }
  }
}

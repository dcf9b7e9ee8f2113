/** The training loop: observe, learn, act, step; and what to tell of it. */
import { UserError } from "../errors.ts";
import type { EventSink, RunEnded } from "../events.ts";
import { type BehaviorSpec, parseBehaviorName } from "../spec.ts";
import {
  addPrefix,
  type NamedArrays,
  takePrefix,
  vectorArray,
} from "../util/arrays.ts";
import { BackgroundWork } from "./background_work.ts";
import type { EnvironmentPool, Loss } from "./environment_pool.ts";
import { makeModelHere, ModelMaker } from "./model_maker.ts";
import { namedError } from "./named_problem.ts";
import type { Member } from "./pool_member.ts";
import { ProgressReporter } from "./progress_reporter.ts";
import { Roster } from "./roster.ts";
import { tags } from "./statistics.ts";
import type { Timers } from "./timers.ts";
import type { SummaryDue, Trainer } from "./trainer.ts";

/** State of an earlier run to continue from. */
export interface SavedRun {
  readonly behaviors: ReadonlyMap<string, NamedArrays>;
  /** Collected experience, of behaviors that saved theirs. */
  readonly replays: ReadonlyMap<string, NamedArrays>;
  readonly runState: NamedArrays;
}

export interface TrainingRunOptions {
  readonly runId: string;
  readonly seed: number;
  readonly inference: boolean;
  /** Opened, not reset yet; whoever opened it closes it. */
  readonly pool: EnvironmentPool;
  readonly emit: EventSink;
  readonly timers: Timers;
  /** Ends the run after the present step, with everything saved. */
  readonly stop: AbortSignal;
  readonly saved?: SavedRun;
  /** Called once all environments are up, before anything is written. */
  readonly onBehaviors: (names: readonly string[]) => void | Promise<void>;
  /** Called for each behaviour when it first appears. */
  readonly createTrainer: (
    behavior: string,
    spec: BehaviorSpec,
  ) => Promise<Trainer>;
}

const environmentPrefix = "environment.";

/** Why a checkpoint is made. */
type Occasion = "interval" | "end" | "failure";

/** One run from start to end. */
export class TrainingRun {
  readonly #options: TrainingRunOptions;
  readonly #roster: Roster;
  readonly #progress: ProgressReporter;
  /** Writes the checkpoints at intervals, and makes the models for them. */
  readonly #saving = new BackgroundWork();
  readonly #models = new ModelMaker();
  #hasStarted = false;

  constructor(options: TrainingRunOptions) {
    this.#options = options;
    this.#roster = new Roster((name, spec) => this.#createTrainer(name, spec));
    this.#progress = new ProgressReporter(options.emit, options.timers);
  }

  /**
   * Trains until all behaviours are done or `stop` fires, then saves. Rejects
   * with the cause when an environment or a sink fails beyond repair; what was
   * learned is saved first where that is possible.
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
      for (const trainer of this.#roster.trainers) trainer.close();
      this.#models.close();
    }
  }

  /**
   * `isTakenIn`: the experience of the first round was taken in before, only
   * its actions are still to come.
   */
  async #loop(isTakenIn: boolean): Promise<void> {
    const { pool, timers } = this.#options;
    let { losses, arrivals } = await pool.next();
    while (true) {
      for (const loss of losses) await this.#takeLoss(loss);
      if (arrivals.length > 0 && !isTakenIn) await this.#learn(arrivals);
      isTakenIn = false;
      this.#saving.check();
      if (this.#isOver()) return;
      let begin = timers.now();
      if (arrivals.length > 0) this.#act();
      timers.add("act", begin);
      begin = timers.now();
      for (const member of arrivals) pool.step(member);
      ({ losses, arrivals } = await pool.next());
      timers.add("environment", begin);
    }
  }

  /** True when a saved world was restored, which stands before acting. */
  async #begin(): Promise<boolean> {
    const { pool, emit, saved, inference, runId, seed } = this.#options;
    // Now, while all else is made ready: in mid-training it would hold that up.
    if (!inference) this.#models.start();
    const isRestored = !inference && await this.#restoreWorld();
    if (!isRestored) await pool.reset();
    const fullNames = pool.members.flatMap(({ environment }) => [
      ...environment.behaviorSpecs.keys(),
    ]);
    await this.#options.onBehaviors([
      ...new Set(fullNames.map((each) => parseBehaviorName(each).name)),
    ]);
    // What cannot be continued must fail before anything is replaced.
    const newcomers = await this.#roster.enlist(pool.members);
    this.#hasStarted = true;
    await emit({
      type: "run_started",
      runId,
      seed,
      resumed: saved !== undefined,
      inference,
    });
    await this.#introduce(newcomers);
    if (isRestored) return true;
    for (const trainer of this.#roster.trainers) trainer.forgetUnfinished();
    return false;
  }

  /** False, with a warning if it should have been, where it begins anew. */
  async #restoreWorld(): Promise<boolean> {
    const { pool, saved, emit } = this.#options;
    const state = takePrefix(environmentPrefix, saved?.runState ?? {});
    if (Object.keys(state).length === 0) return false;
    try {
      return pool.restore(state);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const message = `${error.message}\n  Meanwhile all episodes begin anew.`;
      await emit({ type: "notice", level: "warning", message });
      return false;
    }
  }

  async #createTrainer(name: string, spec: BehaviorSpec): Promise<Trainer> {
    const { saved, createTrainer } = this.#options;
    const trainer = await createTrainer(name, spec);
    const state = saved?.behaviors.get(name);
    try {
      if (state) trainer.restore(state, saved?.replays.get(name));
    } catch (error) {
      trainer.close();
      throw namedError(name, error);
    }
    return trainer;
  }

  async #introduce(newcomers: readonly Trainer[]): Promise<void> {
    // A checkpoint is of those behaviors that were there when it was made.
    if (newcomers.length > 0) await this.#saving.finish();
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

  async #takeLoss({ member, message }: Loss): Promise<void> {
    this.#roster.forget(member);
    await this.#options.emit({ type: "notice", level: "warning", message });
  }

  async #learn(arrivals: readonly Member[]): Promise<void> {
    const { timers } = this.#options;
    await this.#introduce(await this.#roster.enlist(arrivals));
    const begin = timers.now();
    for (const [trainer, records] of this.#roster.sort(arrivals)) {
      for (const due of trainer.ingest(records)) {
        await this.#summarize(trainer, due);
      }
    }
    for (const member of arrivals) this.#noteStatistics(member);
    timers.add("collect", begin);
    const trainers = [...this.#roster.trainers];
    for (const trainer of trainers) await trainer.updateIfReady();
    const due = trainers.map((trainer) => trainer.takeCheckpointDue());
    if (due.includes(true) && !this.#isOver()) {
      await this.#checkpoint("interval");
    }
    await this.#progress.breathe(trainers, this.#saving.isBusy);
  }

  async #summarize(
    trainer: Trainer,
    { step, statistics }: SummaryDue,
  ): Promise<void> {
    const { emit, timers, inference } = this.#options;
    const reward = statistics.get(tags.cumulativeReward);
    await emit({
      type: "summary",
      behavior: trainer.behavior,
      step,
      elapsedSeconds: timers.elapsed(),
      statistics,
      isTraining: !inference,
      meanReward: reward?.mean ?? null,
      standardDeviation: reward?.standardDeviation ?? null,
    });
  }

  /**
   * Figures that an environment reports go to every behaviour; of the latest
   * values those of the first environment count (reference: protocol, 7.5).
   */
  #noteStatistics({ workerId, environment }: Member): void {
    for (const report of environment.takeStatistics()) {
      const { name, value, aggregation } = report;
      if (aggregation === "latest" && workerId > 0) continue;
      for (const { statistics } of this.#roster.trainers) {
        statistics.add(name, value, aggregation);
      }
    }
  }

  #act(): void {
    for (const trainer of this.#roster.trainers) {
      for (const chosen of trainer.act()) this.#roster.deliver(chosen);
    }
  }

  #isOver(): boolean {
    const { stop, inference } = this.#options;
    if (stop.aborted) return true;
    const trainers = [...this.#roster.trainers];
    if (inference || trainers.length === 0) return false;
    return trainers.every(({ isLearning }) => !isLearning);
  }

  /** At an interval it goes on beside the training, which it holds up little. */
  async #checkpoint(occasion: Occasion): Promise<void> {
    const { pool, emit, inference, timers } = this.#options;
    if (inference) return;
    const begin = timers.now();
    await this.#saving.finish();
    const trainers = [...this.#roster.trainers];
    for (const trainer of trainers) {
      await trainer.settle?.().catch((error) => {
        // Weights before an update that fails as well are worth saving.
        if (occasion !== "failure") throw error;
      });
    }
    // A failure may have come in the midst of a step: begin anew after it.
    const state = occasion === "failure" ? {} : pool.snapshot();
    const runState = {
      ...addPrefix(environmentPrefix, state),
      // Tells this moment from others, also without an environment's state.
      steps: vectorArray(Float64Array.from(trainers, ({ step }) => step)),
    };
    const isBeside = occasion === "interval";
    const make = isBeside ? this.#models.make : makeModelHere;
    const models = Promise.all(
      trainers.map((trainer) => trainer.exportModel(make)),
    );
    const reached = trainers.map((trainer) => {
      const replay = trainer.snapshotReplay?.();
      return {
        type: "checkpoint" as const,
        behavior: trainer.behavior,
        trainerType: trainer.trainerType,
        spec: trainer.spec,
        step: trainer.step,
        reward: trainer.recentReward,
        state: trainer.snapshot(),
        ...(replay && { replay }),
        runState,
        final: occasion === "end",
      };
    });
    const save = async () => {
      const made = await models;
      for (const [i, each] of reached.entries()) {
        await emit({ ...each, model: made[i] });
      }
    };
    if (isBeside) this.#saving.begin(save);
    else await save();
    timers.add("checkpoint", begin);
  }

  async #end(reason: RunEnded["reason"]): Promise<void> {
    const { emit, timers } = this.#options;
    const steps = [...this.#roster.trainers].map(({ behavior, step }) =>
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
      await this.#saving.finish();
    } catch {
      // What is saved now stands for it.
    }
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

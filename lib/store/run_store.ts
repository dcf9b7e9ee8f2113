import { UserError } from "../errors.ts";
import type { EventSink, RunEvent } from "../events.ts";
import { type LoadedCheckpoint, readCheckpoint } from "./checkpoint_file.ts";
import {
  type OpenedRun,
  openRun,
  releaseUnused,
  type RunMode,
} from "./open_run.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { readReplay } from "./replay_file.ts";
import type { RunPaths } from "./run_paths.ts";
import { RunWriter } from "./run_writer.ts";

/** What a run store needs to know of a run before it starts. */
export interface RunStoreOptions {
  readonly resultsDirectory: string;
  readonly runId: string;
  readonly mode: RunMode;
  /** The resolved configuration, as it goes into `configuration.yaml`. */
  readonly configurationYaml: string;
  /** Name and version of the program, for the status and timer files. */
  readonly program: string;
  /** For the timer file. */
  readonly commandLine: string;
  /** Takes what the user should know about the run that is opened. */
  readonly onNotice: EventSink;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Owns the folder of one run: turns the events of a run into its files, and
 * gives back what an earlier session saved there. A kill at any moment leaves a
 * folder that can be opened to go on.
 */
export class RunStore {
  readonly #run: OpenedRun;
  readonly #writer: RunWriter;
  readonly #failures = new Set<unknown>();

  private constructor(run: OpenedRun, options: RunStoreOptions) {
    this.#run = run;
    this.#writer = new RunWriter(run, {
      configurationYaml: options.configurationYaml,
      program: options.program,
      commandLine: options.commandLine,
      replace: options.mode === "force",
      now: options.now ?? Date.now,
    });
  }

  /** Opens a run's folder. Throws a `UserError` as {@link openRun} does. */
  static async open(options: RunStoreOptions): Promise<RunStore> {
    const { resultsDirectory, runId, mode, onNotice } = options;
    const run = await openRun(resultsDirectory, runId, mode, onNotice);
    return new RunStore(run, options);
  }

  /** Where the run's files are. */
  get paths(): RunPaths {
    return this.#run.paths;
  }

  /** The behaviors that have a checkpoint to go on from. */
  get savedBehaviors(): readonly string[] {
    return [...this.#run.resumePoint.checkpoints.keys()];
  }

  /**
   * The state from which a behavior goes on; null if it starts from step 0. All
   * behaviors are given the same run state. Throws a `UserError` if the file
   * cannot be read.
   */
  async loadCheckpoint(behavior: string): Promise<LoadedCheckpoint | null> {
    const { checkpoints, consistent } = this.#run.resumePoint;
    const found = checkpoints.get(behavior);
    if (found === undefined) return null;
    const checkpoint = await readCheckpoint(found.path);
    if (consistent) return checkpoint;
    const newest = [...checkpoints.values()]
      .reduce((a, b) => b.step > a.step ? b : a);
    const { runState } = await readCheckpoint(newest.path);
    return { ...checkpoint, runState };
  }

  /**
   * The experience that was saved with the checkpoint from which a behavior goes
   * on; null if there is none. Throws a `UserError` if the file cannot be read.
   */
  async loadReplay(behavior: string): Promise<NamedArrays | null> {
    const found = this.#run.resumePoint.checkpoints.get(behavior);
    if (found === undefined) return null;
    return await readReplay(this.paths.replay(behavior, found.step));
  }

  /**
   * Consumes one event; when the promise is fulfilled, its files are complete.
   * Rejects with a `UserError` if they cannot be written. In inference nothing
   * is written.
   */
  readonly handle = async (event: RunEvent): Promise<void> => {
    if (this.#run.lock === null) return;
    try {
      await this.#writer.write(event);
    } catch (error) {
      this.#failures.add(error);
      throw error;
    }
  };

  /** Closes all files and lets other processes use the run. */
  async close(): Promise<void> {
    this.#writer.close();
    const { lock, paths } = this.#run;
    if (lock === null) return;
    if (this.#writer.hasStarted) await lock.release();
    else await releaseUnused(paths, lock);
  }

  /**
   * The error with what is saved, if a write failed with it. To be asked when
   * the run is over: after a failure it still saves what it can.
   */
  withWhatIsSafe(error: unknown): unknown {
    if (!(error instanceof UserError) || !this.#failures.has(error)) {
      return error;
    }
    const { folder, runId } = this.paths;
    const steps = new Map(
      [...this.#run.resumePoint.checkpoints]
        .map(([behavior, { step }]) => [behavior, step]),
    );
    this.#writer.savedSteps.forEach((step, behavior) =>
      steps.set(behavior, step)
    );
    const saved = [...steps].map(([name, step]) => `${name} at step ${step}`);
    const safe = saved.length > 0
      ? {
        what: `saved in ${folder}: ${saved.join(", ")}`,
        cure: `Then go on with --run-id=${runId} --resume.`,
      }
      : {
        what: `nothing is saved in ${folder} yet`,
        cure: `Then start again with --run-id=${runId} --force.`,
      };
    return new UserError([...error.problems, safe], { cause: error });
  }
}

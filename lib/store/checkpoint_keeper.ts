import type { CheckpointReached } from "../events.ts";
import type { NamedArrays } from "../util/arrays.ts";
import {
  linkFileAtomically,
  writeFileAtomically,
} from "../util/atomic_file.ts";
import { encodeCheckpoint } from "./checkpoint_file.ts";
import { writeReplay } from "./replay_file.ts";
import type { ResumePoint } from "./resume_point.ts";
import { checkpointStep, REPLAY_ENDING, type RunPaths } from "./run_paths.ts";
import {
  type CheckpointEntry,
  checkpointEntry,
  statusCategory,
  type TrainingStatus,
  writeTrainingStatus,
} from "./training_status.ts";

/** The checkpoints that were saved with one run state. */
interface Moment {
  readonly runState: NamedArrays;
  readonly saved: Map<string, { entry: CheckpointEntry; final: boolean }>;
}

/**
 * Writes checkpoints, keeps the status file up to date and deletes old ones.
 *
 * The behaviors of a run are saved one after the other, but only together do
 * they make a state to go on from. So the checkpoints of one moment (the same
 * run state) are written first, and only when the last of them is on disk come
 * the newest-checkpoint links, the status file and, after that, the deletion of
 * what the status no longer names. Whenever the process is killed, either the
 * whole new moment or the whole one before is there.
 */
export class CheckpointKeeper {
  readonly #paths: RunPaths;
  readonly #status: TrainingStatus;
  readonly #now: () => number;
  /** How many checkpoints to keep, by behavior; 0 or less = all. */
  readonly #keep = new Map<string, number>();
  readonly #savedSteps = new Map<string, number>();
  #moment: Moment | null = null;
  #metadata: Readonly<Record<string, string>> = {};

  /** `now` gives milliseconds since 1970; `status` is kept up to date. */
  constructor(paths: RunPaths, status: TrainingStatus, now: () => number) {
    this.#paths = paths;
    this.#status = status;
    this.#now = now;
  }

  /** Who writes the status file, for its `metadata`. */
  describeWriter(metadata: Readonly<Record<string, string>>): void {
    this.#metadata = metadata;
  }

  /**
   * Finishes what a killed process left half done: the newest-checkpoint links
   * lead to where the run goes on, so that this state stays whole while the
   * checkpoints of the next moment replace others of the same step.
   */
  async goOnFrom({ checkpoints }: ResumePoint): Promise<void> {
    for (const [behavior, { path }] of checkpoints) {
      const newest = this.#paths.newestCheckpoint(behavior);
      if (path !== newest) await linkFileAtomically(path, newest);
    }
  }

  /** A behavior takes part from now on. */
  startBehavior(behavior: string, keepCheckpoints: number): void {
    this.#keep.set(behavior, keepCheckpoints);
  }

  /** The newest step of each behavior that is safe on disk. */
  get savedSteps(): ReadonlyMap<string, number> {
    return this.#savedSteps;
  }

  /** Saves one behavior; throws a `UserError` if the disk does not take it. */
  async save(event: CheckpointReached): Promise<void> {
    const { behavior, step } = event;
    if (
      this.#moment !== null && (this.#moment.runState !== event.runState ||
        this.#moment.saved.has(behavior))
    ) await this.settle();
    const moment = this.#moment ??= {
      runState: event.runState,
      saved: new Map(),
    };
    const behaviors = new Set([...this.#keep.keys(), behavior]);
    await this.#writeFiles(event, [...behaviors]);
    const entry = checkpointEntry(this.#paths, behavior, {
      steps: step,
      reward: event.reward,
      creationTime: this.#now() / 1000,
    });
    moment.saved.set(behavior, { entry, final: event.final });
    if (moment.saved.size === behaviors.size) await this.settle();
  }

  /** Makes what was saved so far the state to go on from. */
  async settle(): Promise<void> {
    const saved = [...this.#moment?.saved ?? []];
    for (const [behavior, { entry }] of saved) {
      this.#savedSteps.set(behavior, entry.steps);
    }
    for (const [behavior, { entry, final }] of saved) {
      await linkFileAtomically(
        this.#paths.checkpoint(behavior, entry.steps),
        this.#paths.newestCheckpoint(behavior),
      );
      this.#record(behavior, entry, final);
    }
    const dropped = [...this.#keep].flatMap(([behavior, keep]) =>
      this.#dropOldest(behavior, keep)
    );
    for (const [behavior, { entry }] of saved) {
      dropped.push(...await this.#earlierReplays(behavior, entry.steps));
    }
    await writeTrainingStatus(
      this.#paths.status,
      this.#status,
      this.#metadata,
    );
    this.#moment = null;
    // One that cannot go now is found, listed and dropped after a resume.
    for (const path of dropped) await Deno.remove(path).catch(() => {});
  }

  async #writeFiles(
    event: CheckpointReached,
    behaviors: readonly string[],
  ): Promise<void> {
    const { behavior, step } = event;
    const model = this.#paths.model(behavior, step);
    const replay = this.#paths.replay(behavior, step);
    const isNew = this.#status.get(behavior)?.checkpoints
      ?.every(({ steps }) => steps !== step) ?? true;
    try {
      // First of all: so the newest checkpoint always has its own.
      if (event.replay) await writeReplay(replay, event.replay);
      await writeFileAtomically(model, event.model);
      await writeFileAtomically(
        this.#paths.checkpoint(behavior, step),
        encodeCheckpoint(event, behaviors),
      );
    } catch (error) {
      // Alone they would look like a checkpoint, and take space.
      const alone = isNew ? [model, replay] : [];
      for (const path of alone) await Deno.remove(path).catch(() => {});
      throw error;
    }
    if (event.final) {
      await writeFileAtomically(this.#paths.finalModel(behavior), event.model);
    }
  }

  #record(behavior: string, entry: CheckpointEntry, final: boolean): void {
    const category = statusCategory(this.#status, behavior);
    const others = (category.checkpoints ?? [])
      .filter(({ steps }) => steps !== entry.steps);
    category.checkpoints = [...others, entry];
    delete category.final_checkpoint;
    if (final) {
      category.final_checkpoint = {
        ...entry,
        file_path: this.#paths.finalModel(behavior),
      };
    }
  }

  /** Experience of other checkpoints than the one to go on from. */
  async #earlierReplays(behavior: string, step: number): Promise<string[]> {
    const found: string[] = [];
    const folder = this.#paths.behaviorFolder(behavior);
    for await (const { name } of Deno.readDir(folder)) {
      const own = checkpointStep(behavior, name, REPLAY_ENDING);
      if (own !== null && own !== step) {
        found.push(this.#paths.replay(behavior, own));
      }
    }
    return found;
  }

  /** Shortens a behavior's list and returns the files that may go. */
  #dropOldest(behavior: string, keep: number): string[] {
    const checkpoints = this.#status.get(behavior)?.checkpoints ?? [];
    if (keep <= 0 || checkpoints.length <= keep) return [];
    return checkpoints.splice(0, checkpoints.length - keep)
      .flatMap(({ steps }) => [
        // Composed anew: a path from a file must not say what is deleted.
        this.#paths.model(behavior, steps),
        this.#paths.checkpoint(behavior, steps),
      ]);
  }
}

import { join } from "node:path";
import { UserError } from "../errors.ts";
import { type CheckpointInfo, readCheckpointInfo } from "./checkpoint_file.ts";
import { behaviorFolders } from "./results_folder.ts";
import {
  checkpointStep,
  NEWEST_CHECKPOINT,
  type RunPaths,
} from "./run_paths.ts";

/** A readable checkpoint file. */
export interface FoundCheckpoint extends CheckpointInfo {
  readonly path: string;
}

/** Where a run goes on. */
export interface ResumePoint {
  /** The checkpoint to load, by behavior. */
  readonly checkpoints: ReadonlyMap<string, FoundCheckpoint>;
  /** True if all were saved at one moment of the run. */
  readonly consistent: boolean;
}

/**
 * Finds all checkpoints in a run's folder by their files, which are whole or
 * absent at any moment, so no index can be out of date. Damaged ones come back
 * as errors that name them.
 */
export async function findCheckpoints(
  paths: RunPaths,
): Promise<{ found: FoundCheckpoint[]; damaged: UserError[] }> {
  const found: FoundCheckpoint[] = [];
  const damaged: UserError[] = [];
  for await (const path of checkpointFiles(paths)) {
    try {
      found.push({ ...await readCheckpointInfo(path), path });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error);
    }
  }
  return { found, damaged };
}

async function* checkpointFiles(paths: RunPaths): AsyncGenerator<string> {
  for (const behavior of await behaviorFolders(paths)) {
    const folder = paths.behaviorFolder(behavior);
    for await (const { name } of Deno.readDir(folder)) {
      if (
        name === NEWEST_CHECKPOINT ||
        checkpointStep(behavior, name, ".safetensors") !== null
      ) yield join(folder, name);
    }
  }
}

/**
 * Chooses the newest moment of which every behavior that took part has a
 * checkpoint; behaviors that took no part in it go on from their newest earlier
 * moment. Without such a moment each behavior goes on from its newest checkpoint.
 */
export function chooseResumePoint(
  found: readonly FoundCheckpoint[],
): ResumePoint {
  const moments = [...Map.groupBy(found, ({ moment }) => moment).values()]
    .filter(isComplete)
    .map(newestByBehavior)
    .sort(compareMoments);
  return moments.length > 0
    ? {
      checkpoints: new Map(moments.flatMap((moment) => [...moment])),
      consistent: true,
    }
    : { checkpoints: newestByBehavior(found), consistent: found.length === 0 };
}

type Moment = ReadonlyMap<string, FoundCheckpoint>;

function isComplete(members: readonly FoundCheckpoint[]): boolean {
  const present = new Set(members.map(({ behavior }) => behavior));
  return members.every(({ behaviors }) =>
    behaviors.every((behavior) => present.has(behavior))
  );
}

function newestByBehavior(found: readonly FoundCheckpoint[]): Moment {
  return new Map(
    found.toSorted((a, b) => a.step - b.step)
      .map((checkpoint) => [checkpoint.behavior, checkpoint]),
  );
}

/**
 * Older first. A behavior's steps only grow, so any behavior of both moments
 * tells which is older; moments without one are compared by all their steps.
 */
function compareMoments(a: Moment, b: Moment): number {
  for (const [behavior, { step }] of a) {
    const difference = step - (b.get(behavior)?.step ?? step);
    if (difference !== 0) return difference;
  }
  return totalSteps(a) - totalSteps(b);
}

function totalSteps(moment: Moment): number {
  return [...moment.values()].reduce((sum, { step }) => sum + step, 0);
}

import type { FoundCheckpoint } from "./resume_point.ts";
import type { RunPaths } from "./run_paths.ts";
import {
  type CheckpointEntry,
  checkpointEntry,
  readTrainingStatus,
  statusCategory,
  type TrainingStatus,
} from "./training_status.ts";

/**
 * The status of a run that goes on: what its status file says, less the
 * checkpoints whose files are gone, plus those that a kill or a lost status file
 * left unlisted. Paths are composed anew, since the folder may have moved.
 */
export async function restoreStatus(
  paths: RunPaths,
  found: readonly FoundCheckpoint[],
): Promise<TrainingStatus> {
  const status = await readTrainingStatus(paths.status) ?? new Map();
  for (const { behavior } of found) statusCategory(status, behavior);
  for (const [behavior, category] of status) {
    const entries = new Map<number, CheckpointEntry>();
    const add = (steps: number, reward: number | null, creationTime: number) =>
      entries.set(
        steps,
        checkpointEntry(paths, behavior, { steps, reward, creationTime }),
      );
    for (const checkpoint of found) {
      const { step, reward, path } = checkpoint;
      if (path !== paths.checkpoint(behavior, step)) continue;
      const { mtime } = await Deno.stat(path);
      add(step, reward, (mtime?.getTime() ?? 0) / 1000);
    }
    for (const { steps, reward, creation_time } of category.checkpoints ?? []) {
      const path = paths.checkpoint(behavior, steps);
      const exists = await Deno.stat(path).then(() => true, () => false);
      if (exists) add(steps, reward, creation_time);
    }
    if (entries.size > 0 || category.checkpoints !== undefined) {
      category.checkpoints = [...entries.values()]
        .sort((a, b) => a.steps - b.steps);
    }
  }
  return status;
}

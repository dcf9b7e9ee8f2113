import { UserError } from "../errors.ts";
import type { EventSink } from "../events.ts";
import { restoreStatus } from "./restored_status.ts";
import {
  checkRunExists,
  checkRunUnused,
  cleanRunFolders,
  makeRunFolders,
  removeEmptyRunFolders,
} from "./results_folder.ts";
import {
  behaviorFolders,
  chooseResumePoint,
  findCheckpoints,
  type ResumePoint,
} from "./resume_point.ts";
import { RunLock } from "./run_lock.ts";
import { RunPaths } from "./run_paths.ts";
import type { TrainingStatus } from "./training_status.ts";

/**
 * `new` needs an unused run id, `resume` an existing run; `force` replaces what
 * is there once the run has started; `inference` reads an existing run only.
 */
export type RunMode = "new" | "resume" | "force" | "inference";

/** A run's folder, checked and locked, and where the run goes on. */
export interface OpenedRun {
  readonly paths: RunPaths;
  /** Null in inference, which writes nothing. */
  readonly lock: RunLock | null;
  readonly resumePoint: ResumePoint;
  readonly status: TrainingStatus;
}

/**
 * Opens a run's folder. Nothing of an earlier run is changed yet. Throws a
 * `UserError` for a run id that is in use or missing, a folder that cannot be
 * written, or a run that another process is using.
 */
export async function openRun(
  resultsDirectory: string,
  runId: string,
  mode: RunMode,
  onNotice: EventSink,
): Promise<OpenedRun> {
  const paths = new RunPaths(resultsDirectory, runId);
  if (mode === "resume" || mode === "inference") {
    await checkRunExists(resultsDirectory, runId);
  }
  if (mode === "inference") {
    return { paths, lock: null, ...await readRun(paths, onNotice) };
  }
  await makeRunFolders(paths);
  try {
    const lock = await RunLock.acquire(paths.lock);
    try {
      if (mode === "new") await checkRunUnused(paths);
      await cleanRunFolders(paths);
      const content = mode === "resume"
        ? await readRun(paths, onNotice)
        : { resumePoint: chooseResumePoint([]), status: new Map() };
      return { paths, lock, ...content };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    await removeEmptyRunFolders(paths);
    throw error;
  }
}

async function readRun(
  paths: RunPaths,
  onNotice: EventSink,
): Promise<{ resumePoint: ResumePoint; status: TrainingStatus }> {
  const { found, damaged } = await findCheckpoints(paths);
  const tell = (level: "info" | "warning", message: string) =>
    onNotice({ type: "notice", level, message });
  for (const { problems: [problem] } of damaged) {
    await tell(
      "warning",
      `A checkpoint is left out: ${problem.what} (found ${problem.found}).`,
    );
  }
  if (found.length === 0) {
    await checkNoForeignCheckpoints(paths);
    await tell(
      "warning",
      `The run "${paths.runId}" has no usable checkpoint: it starts from step 0.`,
    );
  }
  const resumePoint = chooseResumePoint(found);
  if (!resumePoint.consistent) {
    await tell(
      "warning",
      "The newest checkpoints of the behaviors are of different moments.",
    );
  }
  return { resumePoint, status: await restoreStatus(paths, found) };
}

/** Checkpoints of the Python trainer must not be taken for a fresh start. */
async function checkNoForeignCheckpoints(paths: RunPaths): Promise<void> {
  for (const behavior of await behaviorFolders(paths)) {
    for await (const { name } of Deno.readDir(paths.behaviorFolder(behavior))) {
      if (!name.endsWith(".pt")) continue;
      throw new UserError({
        what: `the run "${paths.runId}" cannot be continued`,
        found: `${behavior}/${name}, a checkpoint of another trainer`,
        allowed: ".safetensors checkpoints",
        cure: "Choose another --run-id to train from the start.",
      });
    }
  }
}

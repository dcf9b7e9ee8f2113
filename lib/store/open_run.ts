import { UserError } from "../errors.ts";
import type { EventSink } from "../events.ts";
import { restoreStatus } from "./restored_status.ts";
import {
  behaviorFolders,
  checkRunExists,
  checkRunUnused,
  cleanRunFolders,
  makeFolder,
  removeIfEmpty,
} from "./results_folder.ts";
import {
  chooseResumePoint,
  findCheckpoints,
  type FoundCheckpoint,
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
    const { resumePoint } = await readRun(paths, onNotice);
    if (resumePoint.checkpoints.size === 0) throw emptyError(runId);
    return { paths, lock: null, resumePoint, status: new Map() };
  }
  await makeFolder(paths.logs);
  const lock = await RunLock.acquire(paths.lock);
  try {
    if (mode === "new") await checkRunUnused(paths);
    await cleanRunFolders(paths);
    if (mode !== "resume") {
      const resumePoint = chooseResumePoint([]);
      return { paths, lock, resumePoint, status: new Map() };
    }
    const { found, resumePoint } = await readRun(paths, onNotice);
    if (found.length === 0) {
      await onNotice({
        type: "notice",
        level: "warning",
        message: `The run "${runId}" has no checkpoint: it starts from step 0.`,
      });
    }
    return {
      paths,
      lock,
      resumePoint,
      status: await restoreStatus(paths, found),
    };
  } catch (error) {
    await releaseUnused(paths, lock);
    throw error;
  }
}

/** Gives up a run that never began: it must not occupy its id. */
export async function releaseUnused(
  paths: RunPaths,
  lock: RunLock,
): Promise<void> {
  // While the lock is held, because the next holder needs this folder.
  await removeIfEmpty(paths.logs);
  await lock.release();
  await removeIfEmpty(paths.folder);
}

async function readRun(
  paths: RunPaths,
  onNotice: EventSink,
): Promise<{ found: FoundCheckpoint[]; resumePoint: ResumePoint }> {
  const { found, damaged } = await findCheckpoints(paths);
  const tell = (level: "info" | "warning", message: string) =>
    onNotice({ type: "notice", level, message });
  if (found.length === 0 && damaged.length > 0) throw unreadableError(damaged);
  for (const { problems: [problem] } of damaged) {
    await tell(
      "warning",
      `A checkpoint is left out: ${problem.what} (found ${problem.found}).`,
    );
  }
  if (found.length === 0) await checkNoForeignCheckpoints(paths);
  const resumePoint = chooseResumePoint(found);
  const steps = [...resumePoint.checkpoints]
    .map(([behavior, { step }]) => `${behavior} goes on from step ${step}`)
    .join(", ");
  if (!resumePoint.consistent) {
    await tell(
      "warning",
      `The run was stopped while it saved its behaviors one by one: ${steps}.`,
    );
  } else if (damaged.length > 0) {
    await tell("info", `${steps}.`);
  }
  return { found, resumePoint };
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

function emptyError(runId: string): UserError {
  return new UserError({
    what: `the run "${runId}" has no checkpoint to run`,
    cure: "Train it first: leave out --inference, or choose another --run-id.",
  });
}

function unreadableError(damaged: readonly UserError[]): UserError {
  return new UserError([
    ...damaged.flatMap(({ problems }) => problems),
    {
      what: "no checkpoint of this run can be read",
      cure: "Start again with --force, or choose another --run-id.",
    },
  ]);
}

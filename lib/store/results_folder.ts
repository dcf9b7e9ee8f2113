import { join } from "node:path";
import { nearestName, UserError } from "../errors.ts";
import { isTemporaryName, removeTemporaryFiles } from "../util/atomic_file.ts";
import { fileError } from "../util/file_error.ts";
import {
  checkpointStep,
  EVENT_FILE_PREFIX,
  LOCK_FILE,
  LOG_FOLDER,
  NEWEST_CHECKPOINT,
  REPLAY_ENDING,
  type RunPaths,
} from "./run_paths.ts";

/** The run ids that have a folder in the results folder, sorted. */
export async function listRunIds(resultsDirectory: string): Promise<string[]> {
  const runIds: string[] = [];
  try {
    for await (const entry of Deno.readDir(resultsDirectory)) {
      if (entry.isDirectory) runIds.push(entry.name);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    // A run may have permission for its own folder alone.
    if (error instanceof Deno.errors.NotCapable) return [];
    throw fileError(
      `cannot read the results folder ${resultsDirectory}`,
      error,
    );
  }
  return runIds.sort();
}

/** Throws a `UserError` that lists the existing runs if this one is missing. */
export async function checkRunExists(
  resultsDirectory: string,
  runId: string,
): Promise<void> {
  // Asked by path, because a run may be a link to a folder elsewhere.
  const folder = await Deno.stat(join(resultsDirectory, runId))
    .catch(() => null);
  if (folder?.isDirectory) return;
  const runIds = await listRunIds(resultsDirectory);
  const nearest = nearestName(runId, runIds);
  throw new UserError({
    what: `there is no run "${runId}" in ${resultsDirectory}`,
    found: runIds.length === 0
      ? "no run there"
      : `the runs ${shortList(runIds.map((id) => `"${id}"`))}`,
    cure: nearest !== undefined
      ? `Did you mean --run-id=${nearest}?`
      : "Check --run-id and --results-dir, or start a new run.",
  });
}

/** Throws a `UserError` if the folder holds anything of an earlier run. */
export async function checkRunUnused(paths: RunPaths): Promise<void> {
  for await (const { name } of Deno.readDir(paths.folder)) {
    // Neither the lock nor logs of players that never got to a run count.
    if ([LOCK_FILE, LOG_FOLDER].includes(name) || isTemporaryName(name)) {
      continue;
    }
    throw new UserError({
      what: `the run id "${paths.runId}" is in use`,
      found: `earlier results in ${paths.folder}`,
      cure: "Go on with that run by --resume, replace it by --force, " +
        "or choose another --run-id.",
    });
  }
}

/** The behaviors that have a folder in the run's folder. */
export async function behaviorFolders(paths: RunPaths): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(paths.folder)) {
    if (entry.isDirectory && entry.name !== LOG_FOLDER) names.push(entry.name);
  }
  return names.sort();
}

/** Makes a folder and those above it. Throws a `UserError` if that fails. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError(`cannot make the folder ${path}`, error);
  }
}

/** Removes what killed processes left unfinished in a run's folders. */
export async function cleanRunFolders(paths: RunPaths): Promise<void> {
  const behaviors = await behaviorFolders(paths);
  for (
    const folder of [
      paths.folder,
      paths.logs,
      ...behaviors.map((behavior) => paths.behaviorFolder(behavior)),
    ]
  ) await removeTemporaryFiles(folder);
}

/**
 * Removes an earlier run's files: only those that a run store writes, so that
 * whatever else lies in the folder stays.
 */
export async function removeRunFiles(paths: RunPaths): Promise<void> {
  const behaviors = await behaviorFolders(paths);
  const files = [paths.configuration, paths.status, paths.timers];
  for (const behavior of behaviors) {
    const folder = paths.behaviorFolder(behavior);
    files.push(paths.finalModel(behavior));
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && isBehaviorFile(behavior, name)) {
        files.push(join(folder, name));
      }
    }
  }
  for (const file of files) {
    await Deno.remove(file).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return;
      throw fileError(`cannot remove ${file}`, error);
    });
  }
  for (const behavior of behaviors) {
    await removeIfEmpty(paths.behaviorFolder(behavior));
  }
}

/** Removes a folder if nothing is in it. */
export async function removeIfEmpty(folder: string): Promise<void> {
  // Deno refuses to remove a folder with content, which is the test.
  await Deno.remove(folder).catch(() => {});
}

function isBehaviorFile(behavior: string, name: string): boolean {
  return name === NEWEST_CHECKPOINT ||
    name.startsWith(EVENT_FILE_PREFIX) ||
    checkpointStep(behavior, name, ".safetensors") !== null ||
    checkpointStep(behavior, name, ".onnx") !== null ||
    checkpointStep(behavior, name, REPLAY_ENDING) !== null;
}

/** The first ten of a list, and how many more there are. */
export function shortList(items: readonly string[]): string {
  const more = items.length - 10;
  return items.slice(0, 10).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

import { dirname, join } from "node:path";
import { nearestName, UserError } from "../errors.ts";
import { checkBehaviorName, refuseName } from "../settings/path_names.ts";
import { type LoadedCheckpoint, readCheckpoint } from "./checkpoint_file.ts";
import {
  behaviorFolders,
  checkRunExists,
  shortList,
} from "./results_folder.ts";
import { NEWEST_CHECKPOINT, RunPaths } from "./run_paths.ts";

/** Where the first weights of a behavior come from. */
export interface InitialSource {
  readonly resultsDirectory: string;
  /** The other run; null = `initPath` alone names the file. */
  readonly runId: string | null;
  readonly behavior: string;
  /**
   * The behavior's `init_path`: a name in the other run's folder of that
   * behavior, or a path if it has a folder part; null = its newest checkpoint.
   */
  readonly initPath: string | null;
}

/** What a behavior starts from. */
export type InitialFile =
  | { readonly kind: "checkpoint"; readonly checkpoint: LoadedCheckpoint }
  /** A model for Unity, which others know how to read. */
  | { readonly kind: "model"; readonly path: string };

/**
 * Finds what a behavior starts from, and loads it if it is a checkpoint. Which
 * parts are used, and that steps count from zero, is up to the caller. Throws a
 * `UserError` for a missing run, behavior or file, listing those that exist.
 */
export async function initializeFrom(
  source: InitialSource,
): Promise<InitialFile> {
  const path = initialPath(source);
  checkEnding(path);
  if (source.runId !== null) {
    await checkRunExists(source.resultsDirectory, source.runId);
  }
  const exists = await Deno.stat(path).then(() => true, () => false);
  if (!exists) throw await missingError(source, path);
  return path.endsWith(modelEnding)
    ? { kind: "model", path }
    : { kind: "checkpoint", checkpoint: await readCheckpoint(path) };
}

const checkpointEnding = ".safetensors";
const modelEnding = ".onnx";

/** Whether a behavior can start from a file of that name. */
function isInitial(name: string): boolean {
  return name.endsWith(checkpointEnding) || name.endsWith(modelEnding);
}

/** The path of the file that {@link initializeFrom} reads. */
function initialPath(source: InitialSource): string {
  const { resultsDirectory, runId, behavior, initPath } = source;
  refuseName(checkBehaviorName(behavior));
  if (runId?.endsWith(modelEnding)) {
    throw new UserError({
      what: "initialize_from names a model and not a run",
      found: `"${runId}"`,
      cure: `Write init_path: ${runId} for each behavior that starts from it.`,
    });
  }
  if (initPath !== null && (runId === null || dirname(initPath) !== ".")) {
    return initPath;
  }
  if (runId === null) throw new RangeError("neither a run nor an init_path");
  const paths = new RunPaths(resultsDirectory, runId);
  return join(paths.behaviorFolder(behavior), initPath ?? NEWEST_CHECKPOINT);
}

function checkEnding(path: string): void {
  if (isInitial(path)) return;
  throw new UserError({
    what: "init_path names neither a checkpoint nor a model",
    found: `"${path}"`,
    allowed: "a .safetensors file that training has written, or a model for " +
      "Unity (.onnx)",
    cure: "Of other trainers' checkpoints (.pt) name the .onnx file that " +
      "lies beside them.",
  });
}

async function missingError(
  source: InitialSource,
  path: string,
): Promise<UserError> {
  const { resultsDirectory, runId, behavior } = source;
  const what = `there is no checkpoint ${path} to start ${behavior} from`;
  if (runId !== null) {
    const paths = new RunPaths(resultsDirectory, runId);
    const behaviors = await behaviorFolders(paths);
    if (!behaviors.includes(behavior)) {
      const nearest = nearestName(behavior, behaviors);
      return new UserError({
        what,
        found: behaviors.length === 0
          ? `no behavior in the run "${runId}"`
          : `the behaviors ${shortList(behaviors)} in the run "${runId}"`,
        cure: nearest === undefined
          ? "Choose a run with this behavior, or name a file by init_path."
          : `Set init_path to a checkpoint of ${nearest} if that is the same.`,
      });
    }
  }
  const there = await fileNames(dirname(path));
  return new UserError({
    what,
    found: there.length === 0
      ? "no .safetensors or .onnx file there"
      : shortList(there),
    cure: there.length === 0
      ? "Choose a run that has saved a checkpoint."
      : "Set init_path to one of these.",
  });
}

async function fileNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (isInitial(name)) names.push(name);
    }
  } catch {
    // No such folder: nothing there.
  }
  return names.sort();
}

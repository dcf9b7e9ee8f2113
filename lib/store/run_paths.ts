import { join } from "node:path";
import { checkRunId, refuseName } from "../settings/path_names.ts";

/** Names of files and folders inside a run's folder. */
export const LOG_FOLDER = "run_logs";
const STATUS_FILE = "training_status.json";
const TIMERS_FILE = "timers.json";
export const CONFIGURATION_FILE = "configuration.yaml";
export const LOCK_FILE = "run.lock";
export const NEWEST_CHECKPOINT = "checkpoint.safetensors";
export const REPLAY_ENDING = ".replay.safetensors.gz";
export const EVENT_FILE_PREFIX = "events.out.tfevents.";

/** Where everything of one run lies: `<results folder>/<run id>/...`. */
export class RunPaths {
  /** The run's folder. */
  readonly folder: string;
  /** The folder for timers, status and the players' logs. */
  readonly logs: string;
  readonly configuration: string;
  readonly status: string;
  readonly timers: string;
  readonly lock: string;

  /** Throws a `UserError` for a run id that is no plain folder name. */
  constructor(resultsDirectory: string, readonly runId: string) {
    refuseName(checkRunId(runId));
    this.folder = join(resultsDirectory, runId);
    this.logs = join(this.folder, LOG_FOLDER);
    this.configuration = join(this.folder, CONFIGURATION_FILE);
    this.status = join(this.logs, STATUS_FILE);
    this.timers = join(this.logs, TIMERS_FILE);
    this.lock = join(this.folder, LOCK_FILE);
  }

  /** The folder of a behavior's checkpoints and event files. */
  behaviorFolder(behavior: string): string {
    return join(this.folder, behavior);
  }

  /** The model of one checkpoint. */
  model(behavior: string, step: number): string {
    return join(this.folder, behavior, `${behavior}-${step}.onnx`);
  }

  /** The whole state of one checkpoint. */
  checkpoint(behavior: string, step: number): string {
    return join(this.folder, behavior, `${behavior}-${step}.safetensors`);
  }

  /** The experience that was collected before a checkpoint. */
  replay(behavior: string, step: number): string {
    return join(this.folder, behavior, `${behavior}-${step}${REPLAY_ENDING}`);
  }

  /** A second name of the newest checkpoint. */
  newestCheckpoint(behavior: string): string {
    return join(this.folder, behavior, NEWEST_CHECKPOINT);
  }

  /** The copy of the last model. */
  finalModel(behavior: string): string {
    return join(this.folder, `${behavior}.onnx`);
  }
}

/** The step in a file name `<behavior>-<step><ending>`; null for others. */
export function checkpointStep(
  behavior: string,
  name: string,
  ending: ".safetensors" | ".onnx" | typeof REPLAY_ENDING,
): number | null {
  const start = `${behavior}-`;
  if (!name.startsWith(start) || !name.endsWith(ending)) return null;
  const digits = name.slice(start.length, -ending.length);
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

import { z } from "zod";
import type { StatisticSummary } from "../events.ts";
import { writeFileAtomically } from "../util/atomic_file.ts";
import type { RunPaths } from "./run_paths.ts";

/** One checkpoint as the status file names it. */
export interface CheckpointEntry {
  readonly steps: number;
  /** The model. */
  readonly file_path: string;
  readonly reward: number | null;
  /** Seconds since 1970. */
  readonly creation_time: number;
  /** The file with the whole state; the key's spelling is the format's. */
  readonly auxillary_file_paths: readonly string[];
}

/** What is known of one behavior, or of one environment parameter. */
export interface StatusCategory {
  lesson_num?: number;
  /** Oldest first. */
  checkpoints?: CheckpointEntry[];
  final_checkpoint?: CheckpointEntry;
  elo?: number;
}

/** The content of `training_status.json` by behavior and parameter. */
export type TrainingStatus = Map<string, StatusCategory>;

const statusSchema = z.record(
  z.string(),
  z.object({
    lesson_num: z.number().optional(),
    checkpoints: z.array(z.object({
      steps: z.int().nonnegative(),
      file_path: z.string(),
      reward: z.number().nullable(),
      creation_time: z.number(),
      auxillary_file_paths: z.array(z.string()).default([]),
    })).optional(),
    elo: z.number().optional(),
  }),
);

/**
 * Reads a status file; null if it is missing or damaged. The final checkpoint is
 * left out: a run that goes on has none yet.
 */
export async function readTrainingStatus(
  path: string,
): Promise<TrainingStatus | null> {
  try {
    const text = await Deno.readTextFile(path);
    const categories = statusSchema.parse(JSON.parse(text));
    delete categories.metadata;
    return new Map(Object.entries(categories));
  } catch {
    return null;
  }
}

/** Writes the status file; `metadata` says who wrote it. */
export function writeTrainingStatus(
  path: string,
  status: TrainingStatus,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const content = Object.fromEntries([...status, ["metadata", metadata]]);
  return writeFileAtomically(path, JSON.stringify(content, null, 4) + "\n");
}

/** The part of a status under this name, made if it is missing. */
export function statusCategory(
  status: TrainingStatus,
  name: string,
): StatusCategory {
  let category = status.get(name);
  if (category === undefined) status.set(name, category = {});
  return category;
}

/** The entry of a checkpoint; `creationTime` in seconds since 1970. */
export function checkpointEntry(
  paths: RunPaths,
  behavior: string,
  figures: {
    readonly steps: number;
    readonly reward: number | null;
    readonly creationTime: number;
  },
): CheckpointEntry {
  const { steps, reward, creationTime } = figures;
  return {
    steps,
    file_path: paths.model(behavior, steps),
    reward,
    creation_time: creationTime,
    auxillary_file_paths: [paths.checkpoint(behavior, steps)],
  };
}

const LESSON_TAG = "Environment/Lesson Number/";

/** Takes lessons and rating, which the status file shows, from a summary. */
export function recordStatistics(
  status: TrainingStatus,
  behavior: string,
  statistics: ReadonlyMap<string, StatisticSummary>,
): void {
  for (const [tag, { value }] of statistics) {
    if (tag === "Self-play/ELO") statusCategory(status, behavior).elo = value;
    if (tag.startsWith(LESSON_TAG)) {
      const parameter = tag.slice(LESSON_TAG.length);
      statusCategory(status, parameter).lesson_num = value;
    }
  }
}

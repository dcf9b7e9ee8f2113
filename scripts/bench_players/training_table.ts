import { join } from "node:path";
import { stringify } from "yaml";
import { formatTable, median } from "../table.ts";
import {
  ourTrainer,
  timeTraining,
  type TrainingTimes,
} from "../timed_training.ts";
import { figure, type TableOptions } from "./table_options.ts";

/** A training of both sides, told what it is. */
export interface TrainingCase {
  readonly name: string;
  /** Everything of a configuration file; both sides read the same. */
  readonly configuration: unknown;
}

/**
 * Agent steps per second of whole trainings, start and end included (`whole`),
 * and of their second half, in which all is warmed up (`running`). What a
 * trainer says that fails goes to the error output.
 */
export async function trainingTable(
  cases: readonly TrainingCase[],
  { folder, peer, rounds }: TableOptions,
): Promise<string> {
  const trainers = [ourTrainer, ...peer ? [peer.trainer] : []];
  const rows: string[][] = [];
  for (const { name, configuration } of cases) {
    const results = Deno.makeTempDirSync({ dir: folder });
    const path = join(results, "configuration.yaml");
    Deno.writeTextFileSync(path, stringify(configuration));
    const times: TrainingTimes[][] = trainers.map(() => []);
    for (let seed = 1; seed <= rounds; seed++) {
      for (const [side, trainer] of trainers.entries()) {
        const task = { trainer, configuration: path, folder: results };
        try {
          times[side].push(await timeTraining({ ...task, seed: `${seed}` }));
        } catch (error) {
          const reason = error instanceof Error ? error.message : error;
          console.error(`${trainer.name}, ${name}: ${reason}`);
        }
      }
    }
    const [ours, theirs = unknown] = times.map(summarize);
    rows.push([
      name,
      figure(ours.whole),
      figure(ours.running),
      figure(theirs.whole),
      figure(theirs.running),
      figure(ours.whole / theirs.whole, 1),
      figure(ours.running / theirs.running, 1),
      figure(ours.memory),
      figure(theirs.memory),
    ]);
  }
  return formatTable([
    "",
    "ours, whole",
    "running",
    "peer, whole",
    "running",
    "ours / peer, whole",
    "running",
    "ours, MiB",
    "peer, MiB",
  ], rows);
}

interface Summary {
  /** Steps per second. */
  readonly whole: number;
  readonly running: number;
  readonly memory: number;
}

const unknown: Summary = { whole: NaN, running: NaN, memory: NaN };

function summarize(runs: readonly TrainingTimes[]): Summary {
  if (runs.length === 0) return unknown;
  return {
    whole: median(runs.map(({ steps, wall }) => steps / wall)),
    running: median(runs.map(({ rate }) => rate)),
    memory: median(runs.map(({ memory }) => memory)),
  };
}

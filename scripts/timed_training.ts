/** Whole trainings, each in a process of its own, and what they took. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProgram } from "./child_program.ts";
import { ProcessMemory } from "./process_memory.ts";
import { summaryRate } from "./summary_times.ts";

/** A program with the options of mlagents-learn. */
export interface Trainer {
  readonly name: string;
  readonly command: string;
  /** What comes before the options. */
  readonly words: readonly string[];
}

export const ourTrainer: Trainer = {
  name: "ours",
  command: Deno.execPath(),
  words: ["run", "-A", fileURLToPath(new URL("../cli.ts", import.meta.url))],
};

/** What to train, and with what. */
export interface TrainingTask {
  readonly trainer: Trainer;
  /** Path of the configuration. */
  readonly configuration: string;
  readonly seed: string;
  /** An existing folder for the results, kept apart by trainer and seed. */
  readonly folder: string;
  readonly options?: readonly string[];
}

/** What one training took. */
export interface TrainingTimes {
  readonly trainer: string;
  readonly seed: string;
  readonly steps: number;
  /** Mean return of the last episodes. */
  readonly reward: number;
  /** Seconds from the command to the end of the process. */
  readonly wall: number;
  /** Steps per second of the second half of the summaries. */
  readonly rate: number;
  /** Seconds by part; NaN where the run does not tell. */
  readonly acting: number;
  readonly environment: number;
  readonly updating: number;
  /** MiB, all processes together. */
  readonly memory: number;
}

/** Trains to the end. Throws what the trainer said if it fails. */
export async function timeTraining(task: TrainingTask): Promise<TrainingTimes> {
  const { trainer, configuration, seed, folder, options = [] } = task;
  const runId = `${trainer.name}_${seed}`;
  const begin = performance.now();
  const child = startProgram(trainer.command, {
    args: [
      ...trainer.words,
      configuration,
      ...["--run-id", runId, "--results-dir", folder, "--seed", seed],
      ...options,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  const processMemory = new ProcessMemory(child.pid);
  const { success, stderr } = await child.output();
  const wall = (performance.now() - begin) / 1000;
  const memory = processMemory.stop();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return { ...readResults(task, join(folder, runId)), wall, memory };
}

function readResults(
  { trainer, seed }: TrainingTask,
  folder: string,
): Omit<TrainingTimes, "wall" | "memory"> {
  const logs = join(folder, "run_logs");
  const timers = readJson(join(logs, "timers.json")).children;
  const { metadata: _, ...behaviors } = readJson(
    join(logs, "training_status.json"),
  );
  const names = Object.keys(behaviors);
  const checkpoints = Object.values(behaviors).map((each) =>
    Object(each).final_checkpoint
  );
  // Another trainer names its parts otherwise.
  const part = (name: string): number =>
    timers[name]?.total ?? (timers.act ? 0 : NaN);
  return {
    trainer: trainer.name,
    seed,
    steps: checkpoints.reduce((sum, { steps }) => sum + steps, 0),
    reward: checkpoints[0].reward ?? NaN,
    rate: summaryRate(join(folder, names[0])),
    acting: part("act"),
    environment: part("environment"),
    updating: part("update"),
  };
}

// deno-lint-ignore no-explicit-any -- files with a form of their own
function readJson(file: string): Record<string, any> {
  return JSON.parse(Deno.readTextFileSync(file));
}

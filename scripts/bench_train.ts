/**
 * Times whole runs of a configuration, from the command to the finished files,
 * each in a process of its own:
 *
 *   deno run -A scripts/bench_train.ts [CONFIG.yaml] [--seeds 1,2,3]
 *     [--steps N] [--served] [--peer PYTHON --peer-script FILE]
 *
 * With `--served` the simulator runs as a player in a process of its own, and
 * everything goes through gRPC. With `--peer` another trainer that takes the
 * options of mlagents-learn runs on the very same player, turn about.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse, stringify } from "yaml";
import { writePlayerWrapper } from "../lib/env/player/player_wrapper.ts";
import { ProcessMemory } from "./process_memory.ts";
import { formatTable, median } from "./table.ts";

/** What one run took. */
interface Measurement {
  readonly trainer: string;
  readonly seed: string;
  readonly steps: number;
  /** Mean return of the last episodes. */
  readonly reward: number;
  /** Seconds from the command to the end of the process. */
  readonly wall: number;
  /** Seconds by part; NaN where the run does not tell. */
  readonly acting: number;
  readonly environment: number;
  readonly updating: number;
  /** MiB, all processes together. */
  readonly memory: number;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "1,2,3" },
    steps: { type: "string" },
    served: { type: "boolean", default: false },
    "base-port": { type: "string", default: "5205" },
    peer: { type: "string" },
    "peer-script": { type: "string" },
  },
});

if (options.peer !== undefined && options["peer-script"] === undefined) {
  console.error("--peer needs --peer-script, the program that it runs");
  Deno.exit(2);
}

const project = (path: string) =>
  fileURLToPath(new URL(`../${path}`, import.meta.url));
const [configuration = project("config/3dball.yaml")] = positionals;
const folder = Deno.makeTempDirSync();
const isServed = options.served || options.peer !== undefined;

/** The configuration with `--steps` in every behavior; also its simulator. */
function writeConfiguration(): { path: string; simulator: string } {
  const document = parse(Deno.readTextFileSync(configuration));
  for (const behavior of Object.keys(document.behaviors)) {
    if (options.steps === undefined) break;
    document.behaviors[behavior].max_steps = Number(options.steps);
  }
  const path = join(folder, "configuration.yaml");
  Deno.writeTextFileSync(path, stringify(document));
  return { path, simulator: String(document.env_settings?.env_path) };
}

const { path, simulator } = writeConfiguration();
const player = join(folder, "player.x86_64");
if (isServed) await writePlayerWrapper(player, simulator);

/** Runs a trainer to its end; `words` come before the usual options. */
async function measure(
  trainer: string,
  command: string,
  words: readonly string[],
  seed: string,
): Promise<Measurement> {
  const runId = `${trainer}_${seed}`;
  const begin = performance.now();
  const process = new Deno.Command(command, {
    args: [
      ...words,
      path,
      ...["--run-id", runId, "--results-dir", folder, "--seed", seed],
      ...isServed ? ["--env", player] : [],
      ...isServed ? ["--base-port", options["base-port"]] : [],
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const memory = new ProcessMemory(process.pid);
  const { success, stderr } = await process.output();
  const wall = (performance.now() - begin) / 1000;
  const peak = memory.stop();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const logs = join(folder, runId, "run_logs");
  const timers = readJson(join(logs, "timers.json")).children;
  const { metadata: _, ...behaviors } = readJson(
    join(logs, "training_status.json"),
  );
  const checkpoints = Object.values(behaviors).map((each) =>
    Object(each).final_checkpoint
  );
  // Another trainer names its parts otherwise.
  const part = (name: string): number =>
    timers[name]?.total ?? (timers.act ? 0 : NaN);
  const result = {
    trainer,
    seed,
    steps: checkpoints.reduce((sum, { steps }) => sum + steps, 0),
    reward: checkpoints[0].reward ?? NaN,
    wall,
    acting: part("act"),
    environment: part("environment"),
    updating: part("update"),
    memory: peak,
  };
  console.error(`${runId}: ${result.steps} steps in ${wall.toFixed(1)} s`);
  return result;
}

// deno-lint-ignore no-explicit-any -- files with a form of their own
function readJson(file: string): Record<string, any> {
  return JSON.parse(Deno.readTextFileSync(file));
}

function summarize(seed: string, runs: readonly Measurement[]): Measurement {
  const middle = (key: Exclude<keyof Measurement, "trainer" | "seed">) =>
    median(runs.map((run) => run[key]));
  return {
    trainer: runs[0].trainer,
    seed,
    steps: middle("steps"),
    reward: middle("reward"),
    wall: middle("wall"),
    acting: middle("acting"),
    environment: middle("environment"),
    updating: middle("updating"),
    memory: middle("memory"),
  };
}

function cells(run: Measurement): string[] {
  const { wall, acting, environment, updating } = run;
  const figure = (value: number, digits = 1) =>
    Number.isNaN(value) ? "-" : value.toFixed(digits);
  return [
    run.trainer,
    run.seed,
    `${run.steps}`,
    figure(run.reward),
    figure(wall),
    figure(run.steps / wall, 0),
    figure(acting),
    figure(environment),
    figure(updating),
    figure(wall - acting - environment - updating),
    figure(run.memory, 0),
  ];
}

const ours: Measurement[] = [];
const peers: Measurement[] = [];
try {
  for (const seed of options.seeds.split(",")) {
    const words = ["run", "-A", project("cli.ts")];
    ours.push(await measure("ours", Deno.execPath(), words, seed));
    const { peer, "peer-script": script } = options;
    if (peer === undefined || script === undefined) continue;
    peers.push(await measure("peer", peer, [script], seed));
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}

const medians = [ours, peers].filter(({ length }) => length > 0)
  .map((runs) => summarize("median", runs));
console.log(formatTable(
  [
    "trainer",
    "seed",
    "steps",
    "reward",
    "wall s",
    "steps/s",
    "acting s",
    "environment s",
    "updating s",
    "other s",
    "peak MiB",
  ],
  [...ours, ...peers, ...medians].map(cells),
));
if (peers.length > 0) {
  const [a, b] = medians.map(({ steps, wall }) => steps / wall);
  console.log(
    `\nours / peer: ${(a / b).toFixed(1)} times the steps per second`,
  );
}

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
import { formatTable, median } from "./table.ts";
import {
  ourTrainer,
  timeTraining,
  type Trainer,
  type TrainingTimes,
} from "./timed_training.ts";

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

/** Times a training and tells of it. */
async function measure(trainer: Trainer, seed: string): Promise<TrainingTimes> {
  const port = ["--base-port", options["base-port"]];
  const times = await timeTraining({
    trainer,
    configuration: path,
    seed,
    folder,
    options: isServed ? ["--env", player, ...port] : [],
  });
  const { steps, wall } = times;
  console.error(
    `${trainer.name}, ${seed}: ${steps} steps in ${wall.toFixed(1)} s`,
  );
  return times;
}

function summarize(
  seed: string,
  runs: readonly TrainingTimes[],
): TrainingTimes {
  const middle = (key: Exclude<keyof TrainingTimes, "trainer" | "seed">) =>
    median(runs.map((run) => run[key]));
  return {
    trainer: runs[0].trainer,
    seed,
    steps: middle("steps"),
    reward: middle("reward"),
    wall: middle("wall"),
    rate: middle("rate"),
    acting: middle("acting"),
    environment: middle("environment"),
    updating: middle("updating"),
    memory: middle("memory"),
  };
}

function cells(run: TrainingTimes): string[] {
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

const ours: TrainingTimes[] = [];
const peers: TrainingTimes[] = [];
try {
  for (const seed of options.seeds.split(",")) {
    ours.push(await measure(ourTrainer, seed));
    const { peer, "peer-script": script } = options;
    if (peer === undefined || script === undefined) continue;
    const trainer = { name: "peer", command: peer, words: [script] };
    peers.push(await measure(trainer, seed));
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

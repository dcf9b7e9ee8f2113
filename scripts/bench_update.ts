/**
 * Times PPO's update phase: milliseconds per minibatch for the actor and the
 * critic of an agent with 8 observations and 2 continuous actions, gathering
 * of rows, losses, gradients and Adam included. Beside torch and JAX where
 * Python interpreters are named that have them:
 *
 *   deno run -A scripts/bench_update.ts [--torch PYTHON] [--jax PYTHON]
 *     [--rounds 3] [--repeats 7] [--threads N]
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { vectorObservation } from "../lib/spec.ts";
import { chooseThreads } from "../lib/train/thread_count.ts";
import { formatTable, median } from "./table.ts";
import { type UpdateSize, UpdateWorkload } from "./update_workload.ts";

const sizes: readonly UpdateSize[] = [
  { hidden: 128, batch: 64, minibatches: 200 },
  { hidden: 128, batch: 1024, minibatches: 50 },
  { hidden: 256, batch: 2048, minibatches: 15 },
  { hidden: 512, batch: 1024, minibatches: 10 },
].map((size) => ({
  ...size,
  observations: [vectorObservation(8)],
  encoder: "simple",
  decisions: 12_000,
}));

const { values: options } = parseArgs({
  options: {
    torch: { type: "string" },
    jax: { type: "string" },
    rounds: { type: "string", default: "3" },
    repeats: { type: "string", default: "7" },
    threads: { type: "string" },
  },
});
const rounds = Number(options.rounds);
const repeats = Number(options.repeats);

/** Median milliseconds per minibatch of some calls, after one to warm up. */
async function timeOurs(size: UpdateSize, threads: number): Promise<number> {
  const workload = await UpdateWorkload.open(size, threads);
  await workload.run();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const begin = performance.now();
    await workload.run();
    times.push((performance.now() - begin) / size.minibatches);
  }
  workload.close();
  return median(times);
}

const peer = fileURLToPath(new URL("bench_update_peer.py", import.meta.url));

/** The same by another library; NaN where there is none. */
function timePeer(
  library: "torch" | "jax",
  { hidden, batch, minibatches }: UpdateSize,
): number {
  const python = options[library];
  if (python === undefined) return NaN;
  const words = [peer, library, hidden, batch, minibatches, repeats];
  const { success, stdout, stderr } = new Deno.Command(python, {
    args: words.map(String),
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

const figure = (value: number, digits: number) =>
  Number.isNaN(value) ? "-" : value.toFixed(digits);

const rows: string[][] = [];
for (const size of sizes) {
  const { hidden, batch } = size;
  const threads = Number(
    options.threads ??
      chooseThreads({ rows: batch, hiddenUnits: hidden, sideBySide: 2 }),
  );
  const times = { ours: [0], torch: [0], jax: [0] };
  // One after the other in every round: what else runs here slows all alike.
  for (let round = 0; round < rounds; round++) {
    times.ours[round] = await timeOurs(size, threads);
    times.torch[round] = timePeer("torch", size);
    times.jax[round] = timePeer("jax", size);
  }
  const [ours, torch, jax] = [times.ours, times.torch, times.jax].map(median);
  rows.push([
    `${hidden} x 2, ${batch}`,
    `${threads}`,
    figure(ours, 3),
    figure(torch, 3),
    figure(jax, 3),
    figure(torch / ours, 2),
    figure(ours / jax, 2),
  ]);
}
console.log(formatTable(
  [
    "hidden, minibatch",
    "threads",
    "ours, ms",
    "torch, ms",
    "JAX, ms",
    "torch / ours",
    "ours / JAX",
  ],
  rows,
));

/**
 * Times PPO's update phase with images and entities: milliseconds per
 * minibatch for actor and critic, gathering of rows, losses, gradients and
 * Adam included. Beside torch where a Python interpreter is named that has it:
 *
 *   deno run -A scripts/bench_encoders.ts [--torch PYTHON] [--only CASE]
 *     [--rounds 3] [--repeats 3] [--threads 1]
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import {
  DimensionProperty,
  type ObservationSpec,
  vectorObservation,
} from "../lib/spec.ts";
import { formatTable, median } from "./table.ts";
import { type UpdateSize, UpdateWorkload } from "./update_workload.ts";

const { none, translational, variableSize } = DimensionProperty;

const image: ObservationSpec = {
  name: "Camera",
  shape: [3, 84, 84],
  dimensionProperties: [none, translational, translational],
  observationType: "default",
};

const entities: ObservationSpec = {
  name: "Neighbors",
  shape: [20, 8],
  dimensionProperties: [variableSize, none],
  observationType: "default",
};

const cases = [
  { name: "simple", observations: [image] },
  { name: "nature_cnn", observations: [image] },
  { name: "resnet", observations: [image] },
  { name: "entities", observations: [entities, vectorObservation(8)] },
] as const;

const { values: options } = parseArgs({
  options: {
    torch: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "3" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: "1" },
  },
});
const [rounds, repeats, threads] = [
  options.rounds,
  options.repeats,
  options.threads,
].map(Number);

/** Median milliseconds per minibatch of some calls, after one to warm up. */
async function timeOurs(size: UpdateSize): Promise<number> {
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

const peer = fileURLToPath(new URL("bench_encoders_peer.py", import.meta.url));

/** The same by torch; NaN without it. */
function timePeer(name: string, { batch, minibatches }: UpdateSize): number {
  if (options.torch === undefined) return NaN;
  const words = [peer, name, batch, minibatches, repeats];
  const { success, stdout, stderr } = new Deno.Command(options.torch, {
    args: words.map(String),
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

const figure = (value: number, digits: number) =>
  Number.isNaN(value) ? "-" : value.toFixed(digits);

const rows: string[][] = [];
for (const { name, observations } of cases) {
  if (options.only !== undefined && options.only !== name) continue;
  for (const batch of [64, 256]) {
    const size: UpdateSize = {
      observations,
      encoder: name === "entities" ? "simple" : name,
      hidden: 128,
      batch,
      minibatches: name === "entities" ? 16 : name === "resnet" ? 2 : 6,
      decisions: 512,
    };
    const times = { ours: [0], torch: [0] };
    // In turns: what else runs here slows both alike.
    for (let round = 0; round < rounds; round++) {
      times.ours[round] = await timeOurs(size);
      times.torch[round] = timePeer(name, size);
    }
    const [ours, torch] = [times.ours, times.torch].map(median);
    rows.push([
      `${name}, ${batch}`,
      figure(ours, 1),
      figure(torch, 1),
      figure(torch / ours, 2),
    ]);
  }
}
const head = ["encoder, minibatch", "ours, ms", "torch, ms", "torch / ours"];
console.log(formatTable(head, rows));

/**
 * Times the update phase of PPO and POCA, and updates of SAC: milliseconds per
 * minibatch of all networks, losses, gradients and Adam included, and gathering
 * of rows where there is a rollout to gather from. Beside torch (eager) and JAX
 * (jit) where Python interpreters are named that have them:
 *
 *   deno run -A scripts/bench_update.ts [--torch PYTHON] [--jax PYTHON]
 *     [--cases vector,LSTM] [--batches 64,256,1024] [--rounds 5] [--seconds 5]
 *
 * All sides use the cores that this program may use. Each row of the table takes
 * its sides by turns, `--rounds` times or as often as fits `--seconds`, and
 * shows medians. "build" is the time from the losses to both programs' sessions.
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import {
  batchSizes,
  sizeOf,
  type UpdateCase,
  updateCases,
} from "./bench_update/update_cases.ts";
import { DrivenProgram } from "./driven_program.ts";
import { formatTable, median } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    torch: { type: "string" },
    jax: { type: "string" },
    cases: { type: "string" },
    batches: { type: "string", default: batchSizes.join() },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    threads: { type: "string", default: "1" },
  },
});

/** Milliseconds per minibatch: by the clock, and of all threads together. */
interface Times {
  readonly wall: number;
  readonly processor: number;
}

const fileOf = (name: string) =>
  fileURLToPath(new URL(`bench_update/${name}`, import.meta.url));

type Library = "torch" | "jax";

function startOurs({ name }: UpdateCase, batch: number) {
  const program = ["run", "-A", "--no-check", fileOf("ours.ts")];
  const words = [name, `${batch}`, options.threads];
  return DrivenProgram.start(Deno.execPath(), [...program, ...words]);
}

function startPeer(library: Library, each: UpdateCase, batch: number) {
  const python = options[library];
  if (python === undefined) return undefined;
  const { minibatches, decisions } = sizeOf(each, batch);
  const sizes = [each.hidden, batch, minibatches, decisions].map(String);
  const file = fileOf(each.sac ? "sac_peer.py" : "peer.py");
  const words = [file, library, each.network, ...sizes];
  return DrivenProgram.start(python, words);
}

const seconds = () => performance.now() / 1000;

/** Every program's medians, in rounds: what else runs slows all alike. */
async function timeInTurn(
  programs: readonly (DrivenProgram | undefined)[],
  minibatches: number,
): Promise<(Times | undefined)[]> {
  const rounds: (Times | undefined)[][] = [];
  const begin = seconds();
  for (let round = 0; round <= Number(options.rounds); round++) {
    const start = seconds();
    const times: (Times | undefined)[] = [];
    for (const program of programs) {
      const time = await program?.run(1);
      times.push(
        time && {
          wall: time.wall * 1000 / minibatches,
          processor: time.own * 1000 / minibatches,
        },
      );
    }
    const end = begin + Number(options.seconds);
    const isLast = 2 * seconds() - start > end;
    // The first round, in which they warm up, counts if there is no time left.
    if (round > 0 || seconds() > end) rounds.push(times);
    if (isLast && rounds.length > 0) break;
  }
  return programs.map((program, side) => {
    if (!program) return undefined;
    const middle = (part: keyof Times) =>
      median(rounds.map((times) => times[side]?.[part] ?? NaN));
    return { wall: middle("wall"), processor: middle("processor") };
  });
}

const digits = (value: number) =>
  value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

const show = (times: Times | undefined) =>
  times ? `${digits(times.wall)} (${digits(times.processor)})` : "-";

const ratio = (a: Times | undefined, b: Times | undefined) =>
  a && b ? (a.wall / b.wall).toFixed(2) : "-";

async function measure(each: UpdateCase, batch: number): Promise<string[]> {
  await using programs = new AsyncDisposableStack();
  const starts = [
    () => startOurs(each, batch),
    () => startPeer("torch", each, batch),
    () => startPeer("jax", each, batch),
  ];
  const started: (DrivenProgram | undefined)[] = [];
  for (const start of starts) {
    const program = await start();
    if (program) programs.use(program);
    started.push(program);
  }
  const [ours, torch, jax] = await timeInTurn(
    started,
    sizeOf(each, batch).minibatches,
  );
  return [
    each.name,
    `${batch}`,
    show(ours),
    show(torch),
    show(jax),
    ratio(torch, ours),
    ratio(ours, jax),
    digits(Number(started[0]?.greeting)),
  ];
}

const wanted = options.cases?.split(",");
const rows: string[][] = [];
for (const each of updateCases) {
  if (wanted && !wanted.some((word) => each.name.includes(word))) continue;
  for (const batch of options.batches.split(",")) {
    const row = await measure(each, Number(batch));
    // Long runs tell how far they are.
    console.error(row.join("  "));
    rows.push(row);
  }
}
console.log("milliseconds per minibatch: by the clock (of the processors)");
console.log(formatTable(
  [
    "network",
    "rows",
    "ours, ms",
    "torch, ms",
    "JAX, ms",
    "torch / ours",
    "ours / JAX",
    "build, ms",
  ],
  rows,
));
Deno.exit(0);

/**
 * Times an LSTM layer on whole sequences: milliseconds for its outputs, and for
 * outputs and gradients of weights, inputs and memory. Then the building of an
 * update phase with memory, from the loss to the session. Beside torch and JAX
 * where Python interpreters are named that have them:
 *
 *   deno run -A scripts/bench_lstm.ts [--torch PYTHON] [--jax PYTHON]
 *     [--rounds 3] [--repeats 15] [--threads 1]
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { policyLoss } from "../lib/algo/ppo.ts";
import { updateProgram } from "../lib/algo/update_program.ts";
import { heNormal, zeros } from "../lib/nn/initializers.ts";
import { dense, denseBody } from "../lib/nn/layers.ts";
import { lstmSequences } from "../lib/nn/lstm.ts";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
  type ParameterScope,
} from "../lib/nn/parameters.ts";
import { lowerProgram } from "../lib/onnx/lower.ts";
import { NativeSession } from "../lib/runtime/native_session.ts";
import {
  constant,
  input,
  multiply,
  type Nodes,
  reshape,
  sum,
} from "../lib/tensor/build.ts";
import { gradient } from "../lib/tensor/gradient.ts";
import { makeProgram, type Program } from "../lib/tensor/program.ts";
import { simplifyProgram } from "../lib/tensor/simplify.ts";
import type { NamedArray } from "../lib/util/arrays.ts";
import { RandomGenerator } from "../lib/util/random.ts";
import { formatTable, median } from "./table.ts";

/** Sequences, steps, inputs and hidden values. */
type Size = readonly [number, number, number, number];

const sizes: readonly Size[] = [
  [64, 64, 128, 128],
  [4, 64, 128, 128],
  [64, 64, 128, 64],
  [4, 64, 128, 64],
];

const { values: options } = parseArgs({
  options: {
    torch: { type: "string" },
    jax: { type: "string" },
    rounds: { type: "string", default: "3" },
    repeats: { type: "string", default: "15" },
    threads: { type: "string", default: "1" },
  },
});
const threads = Number(options.threads);
const repeats = Number(options.repeats);

/** Forward alone, and with all gradients. */
interface Times {
  readonly forward: number;
  readonly both: number;
}

const random = new RandomGenerator(1);

function timeOurs([sequences, length, inputs, hidden]: Size): Times {
  const x = input("x", [sequences, length, inputs]);
  const memory = input("memory", [sequences, 2 * hidden]);
  const readers = input("readers", [sequences, length, hidden]);
  const specs = collectParameters((scope) => lstmSequences(scope, x, memory));
  const weights = parameterInputs(specs);
  const all = [...Object.values(weights), x, memory, readers];
  const { outputs } = lstmSequences(bindParameters(weights), x, memory);
  const loss = sum(multiply(outputs, readers));
  const slopes = gradient(loss, all.slice(0, -1));
  const feeds = Object.fromEntries(all.map((node) => {
    const shape = node.shape.map(Number);
    const size = shape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: size }, () => random.normal() / 9);
    return [node.attributes.name, { data, shape }];
  }));
  const time = (results: Nodes) =>
    timeProgram(simplifyProgram(makeProgram("lstm", all, results)), feeds);
  const named = slopes.map((slope, i) => [`slope${i}`, slope]);
  return {
    forward: time({ loss }),
    both: time({ loss, ...Object.fromEntries(named) }),
  };
}

/** Median milliseconds of a call. */
function timeProgram(
  program: Program,
  feeds: Record<string, NamedArray>,
): number {
  const session = new NativeSession(lowerProgram(program), { threads });
  for (let i = 0; i < 3; i++) session.run(feeds);
  const times = Array.from({ length: repeats }, () => {
    const begin = performance.now();
    session.run(feeds);
    return performance.now() - begin;
  });
  session.close();
  return median(times);
}

const peer = fileURLToPath(new URL("bench_lstm_peer.py", import.meta.url));

/** The same by another library; NaN where there is none. */
function timePeer(library: "torch" | "jax", size: Size): Times {
  const python = options[library];
  if (python === undefined) return { forward: NaN, both: NaN };
  const words = [peer, library, ...size, repeats, threads];
  const { success, stdout, stderr } = new Deno.Command(python, {
    args: words.map(String),
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const [forward, both] = new TextDecoder().decode(stdout).split(" ");
  return { forward: Number(forward), both: Number(both) };
}

const figure = (value: number) => Number.isNaN(value) ? "-" : value.toFixed(2);

const rows = sizes.map((size) => {
  const timers = {
    ours: () => timeOurs(size),
    torch: () => timePeer("torch", size),
    jax: () => timePeer("jax", size),
  };
  // One after the other in every round: what else runs here slows all alike.
  const rounds = Array.from({ length: Number(options.rounds) }, () => ({
    ours: timers.ours(),
    torch: timers.torch(),
    jax: timers.jax(),
  }));
  const middle = (library: "ours" | "torch" | "jax", part: keyof Times) =>
    figure(median(rounds.map((times) => times[library][part])));
  const [sequences, length, inputs, hidden] = size;
  return [
    `${sequences} x ${length}, ${inputs} to ${hidden}`,
    ...(["ours", "torch", "jax"] as const).map((library) =>
      `${middle(library, "forward")} / ${middle(library, "both")}`
    ),
  ];
});
const head = ["sequences x steps", "ours, ms", "torch, ms", "JAX, ms"];
console.log("forward / forward and backward");
console.log(formatTable(head, rows));

/** A policy of 2 x 128 units and an LSTM of 64, on 16 sequences of 64 steps. */
function buildUpdate(): string[] {
  const [sequences, length, units, hidden, actions] = [16, 64, 128, 64, 2];
  const batch = sequences * length;
  const memory = constant(new Float32Array(2 * hidden * sequences), [
    sequences,
    2 * hidden,
  ]);
  const policy = (scope: ParameterScope, columns: Nodes) => {
    const settings = { hidden_units: units, num_layers: 2 };
    const code = denseBody(scope.at("body"), columns.observation, settings);
    const x = reshape(code, [sequences, length, units]);
    const { outputs } = lstmSequences(scope.at("lstm"), x, memory);
    const output = reshape(outputs, [batch, hidden]);
    const head = scope.at("head");
    const mean = dense(head, output, actions, heNormal(0.2));
    return { mean, logSigma: head.parameter("sigma", [1, actions], zeros) };
  };
  const parameters = collectParameters((scope) =>
    policy(scope, { observation: input("observation", [batch, 8]) })
  );
  const column = (...shape: number[]) => ({ shape, dtype: "float32" as const });
  const begin = performance.now();
  const program = updateProgram({
    name: "policy_update",
    parameters,
    columns: {
      observation: column(8),
      continuous: column(actions),
      old: column(actions),
      advantages: column(),
    },
    scalars: ["epsilon", "beta"],
    extra: [],
    prepare: (columns) => columns,
    batchSize: batch,
    loss: (scope, minibatch, { epsilon, beta }) => {
      const { loss } = policyLoss({
        policy: { gaussian: policy(scope, minibatch) },
        actions: { continuous: minibatch.continuous },
        oldLogProbabilities: minibatch.old,
        advantages: minibatch.advantages,
        epsilon,
        beta,
      });
      return { loss, statistics: { loss } };
    },
  });
  const built = performance.now();
  const bytes = lowerProgram(program);
  const lowered = performance.now();
  new NativeSession(bytes, { threads }).close();
  const loaded = performance.now();
  return [built - begin, lowered - built, loaded - lowered].map(figure);
}

console.log("\nbuilding an update phase with memory, ms");
console.log(formatTable(
  ["loss to program", "program to ONNX", "ONNX to session"],
  [buildUpdate(), buildUpdate()],
));

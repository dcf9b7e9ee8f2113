import assert from "node:assert/strict";
import { runtimeTarget, unityTarget } from "../../lib/onnx/lower.ts";
import { lstmSequences, lstmStep } from "../../lib/nn/lstm.ts";
import {
  bindParameters,
  collectParameters,
  initializeParameters,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import {
  add,
  constant,
  input,
  multiply,
  reshape,
  sum,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { checkGradients, weigh } from "../support/check_gradients.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { Sampler } from "../support/sampler.ts";

const names = [
  "lstm.input_weight",
  "lstm.recurrent_weight",
  "lstm.input_bias",
  "lstm.recurrent_bias",
] as const;

/** Weights of one input and one hidden value; gates i, o, f, g. */
function tiny(
  fromInput: number[],
  fromHidden: number[],
  bias: number[],
  secondBias = [0, 0, 0, 0],
): ParameterScope {
  const [w, r] = [fromInput, fromHidden].map((row) => matrix(row));
  const [b, b2] = [bias, secondBias].map((row) =>
    constant(Float32Array.from(row))
  );
  const values = [w, r, b, b2];
  const nodes = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  return bindParameters(nodes).at("lstm");
}

Deno.test("a step with gates half open", () => {
  const scope = tiny([0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]);
  const { output, memory } = lstmStep(scope, matrix([0.5]), matrix([0.5, 2]));
  // g = tanh(0.5 + 0.5) = 0.7615942; c' = 0.5 * 2 + 0.5 g = 1.3807971;
  // h' = 0.5 tanh(1.3807971) = 0.5 * 0.8811299 = 0.4405650.
  assertClose(valuesOf(output), [0.440565], 1e-6);
  assertClose(valuesOf(memory), [0.440565, 1.3807971], 1e-6);
});

Deno.test("each gate has its columns", () => {
  const [open, shut] = [50, -50];
  const step = (i: number, o: number, f: number) => {
    const scope = tiny([0, 0, 0, 1], [0, 0, 0, 0], [i, o, f, 0]);
    const { memory } = lstmStep(scope, matrix([1]), matrix([0, 0.25]));
    return valuesOf(memory);
  };
  const g = Math.tanh(1);
  assertClose(step(open, open, shut), [Math.tanh(g), g], 1e-6);
  assertClose(step(shut, open, open), [Math.tanh(0.25), 0.25], 1e-6);
  assertClose(step(open, shut, open), [0, 0.25 + g], 1e-6);
});

Deno.test("the two biases add up", () => {
  const once = tiny([1, 2, 3, 4], [4, 3, 2, 1], [0.5, -1, 2, 0.25]);
  const twice = tiny([1, 2, 3, 4], [4, 3, 2, 1], [0.25, 0, 1, 0], [
    0.25,
    -1,
    1,
    0.25,
  ]);
  const results = [once, twice].map((scope) =>
    valuesOf(lstmStep(scope, matrix([0.1]), matrix([0.2, 0.3])).memory)
  );
  assertClose(results[0], results[1], 1e-7);
});

interface Sizes {
  readonly sequences: number;
  readonly length: number;
  readonly inputs: number;
  readonly hidden: number;
}

/** Random values for everything that a layer takes. */
function drawLayer(s: Sampler, { sequences, length, inputs, hidden }: Sizes) {
  const weights = [
    s.floats([inputs, 4 * hidden]),
    s.floats([hidden, 4 * hidden]),
    s.floats([4 * hidden]),
    s.floats([4 * hidden]),
  ];
  const nodes = Object.fromEntries(names.map((name, i) => [name, weights[i]]));
  return {
    scope: bindParameters(nodes).at("lstm"),
    weights,
    x: s.floats([sequences, length, inputs]),
    memory: s.floats([sequences, 2 * hidden]),
  };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The layer in plain loops: the memory after every step of a sequence. */
function plainMemories(
  [w, r, b, b2]: readonly ArrayLike<number>[],
  steps: readonly number[][],
  memory: readonly number[],
): number[][] {
  const hidden = memory.length / 2;
  const memories: number[][] = [];
  let [h, c] = [memory.slice(0, hidden), memory.slice(hidden)];
  for (const x of steps) {
    const gate = (k: number, j: number) => {
      const column = k * hidden + j;
      let total = b[column] + b2[column];
      x.forEach((value, i) => total += value * w[i * 4 * hidden + column]);
      h.forEach((value, i) => total += value * r[i * 4 * hidden + column]);
      return total;
    };
    const next = c.map((cell, j) =>
      sigmoid(gate(2, j)) * cell + sigmoid(gate(0, j)) * Math.tanh(gate(3, j))
    );
    h = next.map((cell, j) => sigmoid(gate(1, j)) * Math.tanh(cell));
    c = next;
    memories.push([...h, ...c]);
  }
  return memories;
}

const rowsOf = (data: ArrayLike<number>, width: number): number[][] =>
  Array.from(
    { length: data.length / width },
    (_, i) => Array.from({ length: width }, (_, j) => data[i * width + j]),
  );

Deno.test("sequences are the plain loop over steps", () => {
  for (let seed = 0; seed < 8; seed++) {
    const s = new Sampler({ seed });
    const sizes = {
      sequences: s.size(),
      length: s.size(),
      inputs: s.size(),
      hidden: s.size(),
    };
    const { scope, weights, x, memory } = drawLayer(s, sizes);
    const results = lstmSequences(scope, x, memory);
    const program = makeProgram("lstm", s.inputs, { ...results });
    const values = interpret(program, s.feeds, "float64");
    const feed = (node: Node<"input">) => s.feeds[node.attributes.name].data;
    const steps = rowsOf(feed(x), sizes.inputs);
    const expected = rowsOf(feed(memory), 2 * sizes.hidden).map((first, i) =>
      plainMemories(
        weights.map(feed),
        steps.slice(i * sizes.length, (i + 1) * sizes.length),
        first,
      )
    );
    const rows = expected.flat();
    assertClose(values.memories.data, rows.flat(), 1e-9, `seed ${seed}`);
    const outputs = rows.flatMap((row) => row.slice(0, sizes.hidden));
    assertClose(values.outputs.data, outputs, 1e-9, `seed ${seed}`);
  }
});

Deno.test("a step is a sequence of one", () => {
  const s = new Sampler({ seed: 4 });
  const sizes = { sequences: 3, length: 1, inputs: 2, hidden: 2 };
  const { scope, x, memory } = drawLayer(s, sizes);
  const step = lstmStep(scope, reshape(x, [3, 2]), memory);
  const { outputs, memories } = lstmSequences(scope, x, memory);
  const program = makeProgram("p", s.inputs, { ...step, outputs, memories });
  const values = interpret(program, s.feeds, "float64");
  assertClose(values.output.data, values.outputs.data, 1e-12);
  assertClose(values.memory.data, values.memories.data, 1e-12);
});

Deno.test("gradients of sequences are slopes", () => {
  for (let seed = 0; seed < 4; seed++) {
    const s = new Sampler({ seed });
    const sizes = { sequences: 2, length: seed, inputs: 2, hidden: s.size() };
    const { scope, x, memory } = drawLayer(s, sizes);
    const { outputs, memories } = lstmSequences(scope, x, memory);
    const loss = add(weigh(s, outputs), weigh(s, memories));
    checkGradients(s, loss, `seed ${seed}`);
  }
});

Deno.test("what comes after the end of a sequence changes nothing", () => {
  const s = new Sampler({ seed: 9 });
  const sizes = { sequences: 2, length: 4, inputs: 2, hidden: 2 };
  const { scope, x, memory } = drawLayer(s, sizes);
  const { outputs } = lstmSequences(scope, x, memory);
  // The last two steps of the second sequence are padding.
  const mask = Float32Array.of(1, 1, 1, 1, 1, 1, 0, 0);
  const loss = sum(multiply(outputs, constant(mask, [2, 4, 1])));
  const [slope] = gradient(loss, [x]);
  const { slope: { data } } = interpret(
    makeProgram("p", s.inputs, { slope }),
    s.feeds,
  );
  assert(data.subarray(0, 12).every((value) => value !== 0));
  assert(data.subarray(12).every((value) => value === 0));
});

Deno.test("compiled sequences and their gradients mean the same", () => {
  for (const length of [1, 5]) {
    const s = new Sampler({ seed: 2 });
    const sizes = { sequences: 3, length, inputs: 2, hidden: 3 };
    const { scope, weights, x, memory } = drawLayer(s, sizes);
    const { outputs, memories } = lstmSequences(scope, x, memory);
    const loss = add(weigh(s, outputs), weigh(s, memories));
    const slopes = gradient(loss, [...weights, x, memory]);
    const program = simplifyProgram(makeProgram("lstm", s.inputs, {
      outputs,
      memories,
      ...Object.fromEntries(slopes.map((node, i) => [`slope${i}`, node])),
    }));
    assertLowersAlike(program, s.feeds, runtimeTarget, `${length} steps`);
  }
});

Deno.test("numbers of sequences and steps may be known late", () => {
  const s = new Sampler({ seed: 3, symbolic: true, rows: 4 });
  const weights = drawLayer(s, {
    sequences: 1,
    length: 1,
    inputs: 2,
    hidden: 2,
  });
  const x = input("x", ["sequences", "length", 2]);
  const memory = input("memory", ["sequences", 4]);
  const { memories } = lstmSequences(weights.scope, x, memory);
  assert.deepEqual(memories.shape, ["sequences", "length", 4]);
  const program = makeProgram("late", [...s.inputs, x, memory], { memories });
  for (const length of [1, 3]) {
    const values = new Float32Array(2 * length * 2).fill(0.5);
    assertLowersAlike(simplifyProgram(program), {
      ...s.feeds,
      x: { data: values, shape: [2, length, 2] },
      memory: { data: new Float32Array(8).fill(0.25), shape: [2, 4] },
    });
  }
});

Deno.test("steps mean the same to every reader", () => {
  const s = new Sampler({ seed: 6 });
  const sizes = { sequences: 3, length: 1, inputs: 2, hidden: 3 };
  const { scope, x, memory } = drawLayer(s, sizes);
  const step = lstmStep(scope, reshape(x, [3, 2]), memory);
  const program = simplifyProgram(makeProgram("step", s.inputs, { ...step }));
  for (const target of [runtimeTarget, unityTarget]) {
    assertLowersAlike(program, s.feeds, target);
  }
});

Deno.test("an odd memory cannot be halved", () => {
  const scope = tiny([0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]);
  const step = () => lstmStep(scope, matrix([1]), matrix([1, 2, 3]));
  assert.throws(step, /a memory of 3 values cannot be halved/);
});

Deno.test("new weights: Xavier per gate, forget gates open", () => {
  const [inputs, hidden] = [32, 16];
  const specs = collectParameters((scope) =>
    lstmStep(scope.at("lstm"), input("x", [1, inputs]), input("m", [1, 32]))
  );
  assert.deepEqual(specs.map(({ name, shape }) => [name, shape]), [
    [names[0], [inputs, 4 * hidden]],
    [names[1], [hidden, 4 * hidden]],
    [names[2], [4 * hidden]],
    [names[3], [4 * hidden]],
  ]);
  const values = initializeParameters(specs, new RandomGenerator(1));
  const limits = [Math.sqrt(6 / (inputs + hidden)), Math.sqrt(6 / 32)];
  limits.forEach((limit, i) => {
    const largest = values[names[i]].data.reduce((most, value) =>
      Math.max(most, Math.abs(value))
    );
    assert(largest <= limit && largest > 0.99 * limit, `${largest} ${limit}`);
  });
  for (const name of names.slice(2)) {
    const bias = rowsOf(values[name].data, hidden);
    assert.deepEqual(bias.map((gate) => new Set(gate)), [
      new Set([0]),
      new Set([0]),
      new Set([1]),
      new Set([0]),
    ]);
  }
});

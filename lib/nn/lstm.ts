/**
 * Recurrent memory: one LSTM layer (Hochreiter and Schmidhuber 1997, with the
 * forget gate of Gers et al. 2000; reference 1.7).
 *
 * i, o, f = sigmoid, g = tanh of x W + h R + b; c' = f c + i g;
 * h' = o tanh(c'). The memory of `2 hidden` values is h and c side by side, the
 * gates stand side by side in the order i, o, f, g.
 */
import {
  add,
  concat,
  matmul,
  multiply,
  reshape,
  sigmoid,
  split,
  tanh,
  transpose,
} from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import { type NodesOf, scan } from "../tensor/scan.ts";
import { xavierUniform } from "./initializers.ts";
import type { Initializer, ParameterScope } from "./parameters.ts";

/** Weights for all four gates. */
export interface LstmWeights {
  /** `[inputs, 4 hidden]`. */
  readonly input: Node;
  /** `[hidden, 4 hidden]`. */
  readonly recurrent: Node;
  /** `[4 hidden]`. */
  readonly bias: Node;
}

/**
 * The layer's weights. Two bias vectors, of which only the sum counts, because
 * each takes an optimiser's step of its own.
 */
export function lstmWeights(
  scope: ParameterScope,
  inputs: number,
  hidden: number,
): LstmWeights {
  const weight = (name: string, rows: number) =>
    // Each gate is a layer of its own, hence the fan-out.
    scope.parameter(name, [rows, 4 * hidden], xavierUniform(1, hidden));
  const bias = (name: string) =>
    scope.parameter(name, [4 * hidden], rememberAtFirst);
  return {
    input: weight("input_weight", inputs),
    recurrent: weight("recurrent_weight", hidden),
    bias: add(bias("input_bias"), bias("recurrent_bias")),
  };
}

/**
 * How a network remembers between its body and its heads: codes
 * `[rows, inputs]` to outputs `[rows, hidden]`.
 */
export type Recurrence = (scope: ParameterScope, code: Node) => Node;

/** 1 for the forget gate, 0 for the others. */
const rememberAtFirst: Initializer = ([size]) => {
  const hidden = size / 4;
  return new Float32Array(size).fill(1, 2 * hidden, 3 * hidden);
};

/** Hidden and cell state, `[batch, hidden]` each. */
type State = NodesOf<"h" | "c">;

/** h and c of a memory. Throws TypeError when its size is odd. */
function readMemory(memory: Node): State {
  const hidden = staticDim(memory.shape[1]) / 2;
  if (!Number.isInteger(hidden)) {
    throw new TypeError(`a memory of ${2 * hidden} values cannot be halved`);
  }
  const [h, c] = split(memory, 1, [hidden, hidden]);
  return { h, c };
}

/** One step from x W + b `[batch, 4 hidden]`. */
function advance({ h, c }: State, x: Node, recurrent: Node): State {
  const hidden = staticDim(recurrent.shape[0]);
  const sums = add(matmul(h, recurrent), x);
  const [logits, candidate] = split(sums, 1, [3 * hidden, hidden]);
  const [i, o, f] = split(sigmoid(logits), 1, [hidden, hidden, hidden]);
  const next = add(multiply(f, c), multiply(i, tanh(candidate)));
  return { h: multiply(o, tanh(next)), c: next };
}

/**
 * One step, for acting: x `[batch, inputs]` and memory `[batch, 2 hidden]` to
 * the output `[batch, hidden]` and the memory after it.
 */
export function lstmStep(
  scope: ParameterScope,
  x: Node,
  memory: Node,
): { output: Node; memory: Node } {
  const state = readMemory(memory);
  const hidden = staticDim(state.h.shape[1]);
  const weights = lstmWeights(scope, staticDim(x.shape[1]), hidden);
  const fromInput = add(matmul(x, weights.input), weights.bias);
  const { h, c } = advance(state, fromInput, weights.recurrent);
  return { output: h, memory: concat([h, c], 1) };
}

/**
 * Whole sequences, for learning: x `[sequences, length, inputs]` and the memory
 * before their first steps `[sequences, 2 hidden]` to outputs
 * `[sequences, length, hidden]` and the memory after every step
 * `[sequences, length, 2 hidden]`. A sequence may end early: what comes after
 * its end changes nothing before it.
 */
export function lstmSequences(
  scope: ParameterScope,
  x: Node,
  memory: Node,
): { outputs: Node; memories: Node } {
  const [sequences, length, inputs] = x.shape;
  const state = readMemory(memory);
  const hidden = staticDim(state.h.shape[1]);
  const weights = lstmWeights(scope, staticDim(inputs), hidden);
  // The inputs' part is one product for all steps.
  const rows = reshape(transpose(x, [1, 0, 2]), [
    multiplyDims([length, sequences]),
    inputs,
  ]);
  const fromInput = add(matmul(rows, weights.input), weights.bias);
  const { outputs } = scan(
    state,
    { x: reshape(fromInput, [length, sequences, 4 * hidden]) },
    (state, { x }) => {
      const next = advance(state, x, weights.recurrent);
      return { carry: next, outputs: next };
    },
  );
  const bySequence = (stacked: Node) => transpose(stacked, [1, 0, 2]);
  const [h, c] = [outputs.h, outputs.c].map(bySequence);
  return { outputs: h, memories: concat([h, c], 2) };
}

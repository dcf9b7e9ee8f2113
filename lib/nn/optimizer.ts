/** Adam (Kingma and Ba 2015) on flat vectors: few large nodes, not many small. */
import {
  add,
  divide,
  multiply,
  sqrt,
  square,
  subtract,
} from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Decaying sums of gradients and of squared gradients, `[weights]` each; the
 * usual moments are (1 - beta) times these.
 */
export interface AdamState {
  readonly first: Node;
  readonly second: Node;
}

/** Scalars of one step, see {@link adamSchedule}. */
export interface AdamStep {
  readonly rate: Node;
  readonly epsilon: Node;
}

/**
 * The scalars of steps `start + 1 ... start + count`, bias corrections folded
 * in: w -= rate * first / (sqrt(second) + epsilon) equals the textbook step.
 */
export function adamSchedule(
  learningRate: number,
  start: number,
  count: number,
): { rate: Float32Array; epsilon: Float32Array } {
  const rates = new Float32Array(count);
  const epsilons = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const step = start + i + 1;
    const correction = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
    rates[i] = learningRate * correction * (1 - beta1) / (1 - beta1 ** step);
    epsilons[i] = epsilon * correction;
  }
  return { rate: rates, epsilon: epsilons };
}

/** New weights and state after one step; everything is a flat vector. */
export function adamUpdate(
  weights: Node,
  gradient: Node,
  state: AdamState,
  step: AdamStep,
): { weights: Node; state: AdamState } {
  const first = add(multiply(state.first, beta1), gradient);
  const second = add(multiply(state.second, beta2), square(gradient));
  const change = divide(first, add(sqrt(second), step.epsilon));
  return {
    weights: subtract(weights, multiply(change, step.rate)),
    state: { first, second },
  };
}

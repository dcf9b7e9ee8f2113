/** Adam (Kingma and Ba 2015) on flat vectors: few large nodes, not many small. */
import {
  add,
  concat,
  divide,
  flatten,
  multiply,
  reshape,
  split,
  sqrt,
  square,
  subtract,
} from "../tensor/build.ts";
import { type Node, staticSize } from "../tensor/operation.ts";

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

/** New weights, `[...]` each, and the state after one step. */
export function adamUpdate(
  weights: readonly Node[],
  gradients: readonly Node[],
  state: AdamState,
  step: AdamStep,
): { weights: Node[]; state: AdamState } {
  const gradient = concat(gradients.map(flatten), 0);
  const first = add(multiply(state.first, beta1), gradient);
  const second = add(multiply(state.second, beta2), square(gradient));
  const change = multiply(
    divide(first, add(sqrt(second), step.epsilon)),
    step.rate,
  );
  const sizes = weights.map((weight) => staticSize(weight.shape));
  const changes = split(change, 0, sizes);
  return {
    weights: weights.map((weight, i) =>
      subtract(weight, reshape(changes[i], weight.shape))
    ),
    state: { first, second },
  };
}

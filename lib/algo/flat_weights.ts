/** All weights in one vector: an optimiser is then a few large nodes. */
import {
  concat,
  flatten,
  type Nodes,
  reshape,
  split,
} from "../tensor/build.ts";
import { type Node, staticSize } from "../tensor/operation.ts";
import type { ParameterSpec } from "../nn/parameters.ts";

/** Number of values of all weights together. */
export function flatSize(parameters: readonly ParameterSpec[]): number {
  return parameters.reduce((n, { shape }) => n + staticSize(shape), 0);
}

/** Weights, one after the other. */
export function packWeights(weights: readonly Node[]): Node {
  return concat(weights.map(flatten), 0);
}

/** Weights by name out of a vector of all of them, in their order. */
export function unpackWeights(
  flat: Node,
  parameters: readonly ParameterSpec[],
): Nodes {
  const sizes = parameters.map(({ shape }) => staticSize(shape));
  const pieces = split(flat, 0, sizes);
  return Object.fromEntries(
    parameters.map(({ name, shape }, i) => [name, reshape(pieces[i], shape)]),
  );
}

/** Action distributions (reference 1.10), per dimension and branch. */
import {
  add,
  argMax,
  concat,
  constant,
  divide,
  exp,
  log,
  multiply,
  oneHot,
  reshape,
  slice,
  softmax,
  split,
  square,
  subtract,
  sum,
} from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";

/** Keeps logarithms and quotients finite, as in the reference. */
const tiny = 1e-7;

/** Offset that makes a forbidden choice impossible. */
const forbidden = 1e8;

/** Normal distributions, one per dimension: mean `[batch, n]`, log sigma `[1, n]` or `[batch, n]`. */
export interface Gaussian {
  readonly mean: Node;
  readonly logSigma: Node;
}

/** mean + sigma * noise, with standard normal `noise` `[batch, n]`. */
export function sampleGaussian(
  { mean, logSigma }: Gaussian,
  noise: Node,
): Node {
  return add(mean, multiply(exp(logSigma), noise));
}

/** Log density of `action` in each dimension: `[batch, n]`. */
export function gaussianLogProbability(
  { mean, logSigma }: Gaussian,
  action: Node,
): Node {
  const sigma = exp(logSigma);
  // Small per-dimension factors first: the batch then takes few operations.
  const scale = divide(-1, add(multiply(square(sigma), 2), tiny));
  const offset = add(log(add(sigma, tiny)), 0.5 * Math.log(2 * Math.PI));
  const exponent = multiply(square(subtract(action, mean)), scale);
  return subtract(exponent, offset);
}

/** Mean over dimensions of the entropy; `[1]` or `[batch]` like log sigma. */
export function gaussianEntropy({ logSigma }: Gaussian): Node {
  const n = Number(logSigma.shape[1]);
  const variance = square(exp(logSigma));
  const each = log(add(multiply(variance, 2 * Math.PI * Math.E), tiny));
  return multiply(sum(each, [1]), 0.5 / n);
}

/** Discrete branches: logits `[batch, sum of sizes]`, forbidden ones lowered. */
export interface Categorical {
  readonly logits: Node;
  readonly sizes: readonly number[];
}

/** logits where `mask` `[batch, sum of sizes]` is 1, about -1e8 where it is 0. */
export function maskLogits(logits: Node, mask: Node): Node {
  return subtract(
    multiply(logits, mask),
    multiply(subtract(1, mask), forbidden),
  );
}

/** Probabilities of each branch: `[batch, size]` per branch. */
export function branchProbabilities({ logits, sizes }: Categorical): Node[] {
  return split(logits, 1, sizes).map(softmax);
}

/** Log probability of the chosen index of each branch: `[batch, branches]`. */
export function categoricalLogProbability(
  distribution: Categorical,
  action: Node,
): Node {
  const columns = branchProbabilities(distribution).map((p, branch) => {
    const choice = reshape(slice(action, 1, branch, branch + 1), [
      action.shape[0],
    ]);
    const chosen = sum(
      multiply(p, oneHot(choice, distribution.sizes[branch])),
      [1],
      true,
    );
    return log(add(chosen, tiny));
  });
  return concat(columns, 1);
}

/** Sum over branches of -sum p ln(p + 1e-7): `[batch]`. */
export function categoricalEntropy(distribution: Categorical): Node {
  return branchProbabilities(distribution)
    .map((p) => multiply(sum(multiply(p, log(add(p, tiny))), [1]), -1))
    .reduce(add);
}

/**
 * One index per branch, `[batch, branches]` int32: the largest logit after
 * adding Gumbel noise `[batch, sum of sizes]` (Gumbel 1954), which samples the
 * softmax; zero noise takes the likeliest.
 */
export function sampleCategorical(
  { logits, sizes }: Categorical,
  noise: Node = constant(0),
): Node {
  const columns = split(add(logits, noise), 1, sizes).map((scores) =>
    reshape(argMax(scores, 1), [scores.shape[0], 1])
  );
  return concat(columns, 1);
}

/** Action distributions (reference 1.10), per dimension and branch. */
import {
  abs,
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
  sigmoid,
  slice,
  softmax,
  split,
  square,
  subtract,
  sum,
  tanh,
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
  /** Actions are tanh of the samples, not the samples themselves. */
  readonly isSquashed?: boolean;
}

/**
 * Actions of samples mean + sigma * noise, with standard normal `noise`
 * `[batch, n]`; zero noise takes the likeliest.
 */
export function sampleGaussian(
  { mean, logSigma, isSquashed }: Gaussian,
  noise: Node,
): Node {
  const sample = add(mean, multiply(exp(logSigma), noise));
  return isSquashed ? tanh(sample) : sample;
}

/** Log density of the sample `action` in each dimension: `[batch, n]`. */
export function gaussianLogProbability(
  { mean, logSigma }: Gaussian,
  action: Node,
): Node {
  return deviationLogProbability(subtract(action, mean), logSigma);
}

/** The same of samples that lie `deviation` from the mean. */
function deviationLogProbability(deviation: Node, logSigma: Node): Node {
  const sigma = exp(logSigma);
  // Small per-dimension factors first: the batch then takes few operations.
  const scale = divide(-1, add(multiply(square(sigma), 2), tiny));
  const offset = add(log(add(sigma, tiny)), 0.5 * Math.log(2 * Math.PI));
  const exponent = multiply(square(deviation), scale);
  return subtract(exponent, offset);
}

/** Drawn actions and how likely they were. */
export interface DrawnActions {
  /** `[batch, n]`; gradients flow through. */
  readonly actions: Node;
  /** Log density in each dimension, `[batch, n]`. */
  readonly logProbabilities: Node;
}

/**
 * Squashed actions tanh(u), u = mean + sigma * noise, with the log densities
 * ln N(u) - ln(1 - tanh(u)^2) (Haarnoja et al. 2018, appendix C). The last part
 * is 2 (ln 2 - |u| + ln sigmoid(2 |u|)), which stays exact where tanh is 1.
 */
export function drawSquashed(
  { mean, logSigma }: Gaussian,
  noise: Node,
): DrawnActions {
  const deviation = multiply(exp(logSigma), noise);
  const u = add(mean, deviation);
  const size = abs(u);
  const slope = add(subtract(Math.LN2, size), log(sigmoid(multiply(size, 2))));
  return {
    actions: tanh(u),
    logProbabilities: subtract(
      deviationLogProbability(deviation, logSigma),
      multiply(slope, 2),
    ),
  };
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

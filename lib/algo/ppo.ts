/**
 * Proximal policy optimisation (Schulman et al. 2017) with the details that
 * the shipped hyperparameters are tuned to (reference 3.3, K-1 to K-5).
 */
import {
  add,
  clamp,
  concat,
  exp,
  lessOrEqual,
  maximum,
  multiply,
  reshape,
  select,
  square,
  stopGradient,
  subtract,
  sum,
} from "../tensor/build.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import type { TakenActions } from "../nn/action_code.ts";
import {
  categoricalEntropy,
  categoricalLogProbability,
  gaussianEntropy,
  gaussianLogProbability,
} from "../nn/distributions.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import { meanOverRows } from "./mean_over_rows.ts";

/** Log probabilities `[batch, n + branches]`: dimensions first, then branches. */
export function logProbabilities(
  policy: PolicyOutput,
  actions: TakenActions,
): Node {
  const parts: Node[] = [];
  if (policy.gaussian && actions.continuous) {
    parts.push(gaussianLogProbability(policy.gaussian, actions.continuous));
  }
  if (policy.categorical && actions.discrete) {
    parts.push(categoricalLogProbability(policy.categorical, actions.discrete));
  }
  return concat(parts, 1);
}

/**
 * The policies' entropies, `[batch]` (or `[1]` where all states share it):
 * mean over continuous dimensions plus sum over branches (K-2).
 */
export function policyEntropy({ gaussian, categorical }: PolicyOutput): Node {
  if (!gaussian && !categorical) {
    throw new TypeError("a policy without actions");
  }
  const parts: Node[] = [];
  if (gaussian) parts.push(gaussianEntropy(gaussian));
  if (categorical) parts.push(categoricalEntropy(categorical));
  return parts.reduce(add);
}

/** What the policy's part of the loss depends on. */
export interface PolicyBatch {
  readonly policy: PolicyOutput;
  readonly actions: TakenActions;
  /** Log probabilities before the update, `[batch, n + branches]`. */
  readonly oldLogProbabilities: Node;
  /** Normalised over the whole buffer, `[batch]`. */
  readonly advantages: Node;
  /** Clip range of the ratio. */
  readonly epsilon: Node;
  /** Weight of the entropy. */
  readonly beta: Node;
  /** See {@link meanOverRows}. */
  readonly share?: Node | undefined;
  /** One ratio for all of an agent's actions together, not one for each. */
  readonly isJoint?: boolean;
}

/**
 * L_pi - beta H, with the ratio clipped per action dimension:
 * L_pi = -mean min(rho A, clamp(rho, 1 - eps, 1 + eps) A). `logRatio` is
 * ln rho, `[batch, n + branches]`, or `[batch, 1]` where it is joint.
 */
export function policyLoss(
  batch: PolicyBatch,
): { loss: Node; policy: Node; logRatio: Node } {
  const { epsilon, beta } = batch;
  const count = staticDim(batch.advantages.shape[0]);
  const advantages = reshape(batch.advantages, [count, 1]);
  const each = subtract(
    logProbabilities(batch.policy, batch.actions),
    batch.oldLogProbabilities,
  );
  const logRatio = batch.isJoint ? sum(each, [1], true) : each;
  const ratio = exp(logRatio);
  const clipped = clamp(ratio, subtract(1, epsilon), add(1, epsilon));
  const objective = multiply(ratio, advantages);
  // Where the clipped product is smaller the clip is active, so that nothing
  // flows back through it: saying so spares its whole gradient.
  const bound = stopGradient(multiply(clipped, advantages));
  const gain = meanOverRows(
    select(lessOrEqual(objective, bound), objective, bound),
    batch.share,
  );
  const entropy = meanOverRows(policyEntropy(batch.policy), batch.share);
  const policy = multiply(gain, -1);
  return { loss: subtract(policy, multiply(entropy, beta)), policy, logRatio };
}

/**
 * How far the policy has moved: mean of rho - 1 - ln rho with the joint ratio,
 * an estimate of the Kullback-Leibler divergence from the old policy to the new
 * one (Schulman, Approximating KL Divergence, 2020).
 */
export function policyDivergence(logRatio: Node, share?: Node): Node {
  const joint = sum(logRatio, [1]);
  return meanOverRows(subtract(subtract(exp(joint), 1), joint), share);
}

/** Keeps value estimates from moving further than `epsilon`. */
export interface ValueClip {
  /** Estimates before the update, `[batch, signals]`. */
  readonly oldValues: Node;
  readonly epsilon: Node;
}

/**
 * 0.5 L_V with L_V = mean over rows and signals of (R - V)^2, from value
 * estimates and returns `[batch, signals]`. With a clip the larger one of that
 * and (R - V')^2, V' = V_old + clamp(V - V_old, -eps, eps).
 */
export function valueLoss(
  values: Node,
  returns: Node,
  share?: Node,
  clip?: ValueClip,
): { loss: Node; value: Node } {
  const error = square(subtract(returns, values));
  const value = meanOverRows(
    clip ? maximum(error, clippedError(values, returns, clip)) : error,
    share,
  );
  return { loss: multiply(value, 0.5), value };
}

function clippedError(
  values: Node,
  returns: Node,
  { oldValues, epsilon }: ValueClip,
): Node {
  const moved = clamp(
    subtract(values, oldValues),
    multiply(epsilon, -1),
    epsilon,
  );
  return square(subtract(returns, add(oldValues, moved)));
}

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
  mean,
  multiply,
  reshape,
  select,
  square,
  stopGradient,
  subtract,
  sum,
} from "../tensor/build.ts";
import { type Node, staticDim, staticSize } from "../tensor/operation.ts";
import {
  categoricalEntropy,
  categoricalLogProbability,
  gaussianEntropy,
  gaussianLogProbability,
} from "../nn/distributions.ts";
import type { PolicyOutput } from "../nn/policy.ts";

/** Actions as they were drawn; a kind that the behaviour lacks is absent. */
export interface ActionNodes {
  /** Raw samples `[batch, n]`, before clamping and scaling. */
  readonly continuous?: Node;
  /** int32 `[batch, branches]`. */
  readonly discrete?: Node;
}

/** Log probabilities `[batch, n + branches]`: dimensions first, then branches. */
export function logProbabilities(
  policy: PolicyOutput,
  actions: ActionNodes,
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
  readonly actions: ActionNodes;
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
}

/**
 * Mean of `[batch, ...]`. With the rows' `share` `[batch]`, which adds up to 1,
 * their weighted mean: padding has no share (reference 2.3 and 3.3).
 */
function meanOverRows(x: Node, share?: Node): Node {
  if (!share) return mean(x);
  const sizes = x.shape.slice(1);
  const weights = reshape(share, [share.shape[0], ...sizes.map(() => 1)]);
  return multiply(sum(multiply(x, weights)), 1 / staticSize(sizes));
}

/**
 * L_pi - beta H, with the ratio clipped per action dimension:
 * L_pi = -mean min(rho A, clamp(rho, 1 - eps, 1 + eps) A).
 */
export function policyLoss(batch: PolicyBatch): { loss: Node; policy: Node } {
  const { epsilon, beta } = batch;
  const count = staticDim(batch.advantages.shape[0]);
  const advantages = reshape(batch.advantages, [count, 1]);
  const ratio = exp(subtract(
    logProbabilities(batch.policy, batch.actions),
    batch.oldLogProbabilities,
  ));
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
  return { loss: subtract(policy, multiply(entropy, beta)), policy };
}

/**
 * 0.5 L_V with L_V = mean over rows and signals of (R - V)^2, from value
 * estimates and returns `[batch, signals]`.
 */
export function valueLoss(
  values: Node,
  returns: Node,
  share?: Node,
): { loss: Node; value: Node } {
  const value = meanOverRows(square(subtract(returns, values)), share);
  return { loss: multiply(value, 0.5), value };
}

/** Raw samples are limited to this range and scaled to -1..1 (K-6). */
export const actionLimit = 3;

/**
 * What the environment receives for raw samples: clamp(u, -3, 3) / 3. The raw
 * samples themselves are what is learned from.
 */
export function scaleActions(raw: Float32Array, scaled: Float32Array): void {
  for (let i = 0; i < raw.length; i++) {
    const limited = Math.min(Math.max(raw[i], -actionLimit), actionLimit);
    scaled[i] = limited / actionLimit;
  }
}

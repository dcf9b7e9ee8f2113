/** The networks that choose actions and judge states (reference 1.6, 1.8). */
import { clamp } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import type { ActionSpec } from "../spec.ts";
import {
  type Categorical,
  type Gaussian,
  maskLogits,
} from "./distributions.ts";
import { heNormal, xavierUniform, zeros } from "./initializers.ts";
import { dense } from "./layers.ts";
import type { Recurrence } from "./lstm.ts";
import { networkBody, type NetworkSettings } from "./network_body.ts";
import type { ParameterScope } from "./parameters.ts";

/** What a policy says of a batch of states; a kind without actions is absent. */
export interface PolicyOutput {
  readonly gaussian?: Gaussian;
  readonly categorical?: Categorical;
}

/**
 * Actor: observations `[batch, ...]` of all sensors to action distributions.
 * `mask` `[batch, sum of branches]` holds 1 where a choice is allowed.
 */
export function actor(
  scope: ParameterScope,
  observations: readonly Node[],
  settings: NetworkSettings,
  actions: ActionSpec,
  mask?: Node,
  remember?: Recurrence,
): PolicyOutput {
  const code = networkBody(scope, observations, settings, remember);
  return actionHeads(scope, code, actions, mask);
}

/** A Gaussian of `size` dimensions from codes `[batch, n]`. */
type GaussianHead = (
  scope: ParameterScope,
  code: Node,
  size: number,
) => Gaussian;

/**
 * Codes `[batch, n]` of a body to action distributions, Gaussians by
 * {@link gaussianHead} or {@link squashedHead}.
 */
export function actionHeads(
  scope: ParameterScope,
  code: Node,
  actions: ActionSpec,
  mask?: Node,
  head: GaussianHead = gaussianHead,
): PolicyOutput {
  const { continuousSize } = actions;
  return {
    ...(continuousSize > 0 &&
      { gaussian: head(scope.at("continuous"), code, continuousSize) }),
    ...(actions.discreteBranches.length > 0 &&
      {
        categorical: branchHeads(scope, code, actions.discreteBranches, mask),
      }),
  };
}

/** Mean by a dense layer; one learned log sigma per dimension, 0 at first. */
const gaussianHead: GaussianHead = (scope, code, size) => ({
  mean: dense(scope, code, size, heNormal(0.2)),
  logSigma: scope.parameter("log_sigma", [1, size], zeros),
});

/** Log sigma of squashed Gaussians stays within these bounds. */
export const logSigmaRange = [-20, 2] as const;

/** Mean and log sigma by a dense layer each; actions are tanh of samples. */
export const squashedHead: GaussianHead = (scope, code, size) => ({
  mean: dense(scope, code, size, heNormal(0.2)),
  logSigma: clamp(
    dense(scope.at("log_sigma"), code, size, heNormal(0.2)),
    ...logSigmaRange,
  ),
  isSquashed: true,
});

/** All branches' logits by one dense layer `[batch, sum of sizes]`. */
function branchHeads(
  scope: ParameterScope,
  code: Node,
  sizes: readonly number[],
  mask?: Node,
): Categorical {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const logits = dense(scope.at("discrete"), code, total, heNormal(0.1));
  return { logits: mask ? maskLogits(logits, mask) : logits, sizes };
}

/** Critic: one value per reward signal, `[batch, signals]`. */
export function critic(
  scope: ParameterScope,
  observations: readonly Node[],
  settings: NetworkSettings,
  signals: number,
  remember?: Recurrence,
): Node {
  const code = networkBody(scope, observations, settings, remember);
  return valueHeads(scope, code, signals);
}

/**
 * Codes `[batch, n]` of a body to `size` values per reward signal, one signal
 * after the other.
 */
export function valueHeads(
  scope: ParameterScope,
  code: Node,
  signals: number,
  size = 1,
): Node {
  // Each signal's head is a layer of its own, hence the fan-out.
  const initializer = xavierUniform(1, size);
  return dense(scope.at("value"), code, signals * size, initializer);
}

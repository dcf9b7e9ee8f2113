/**
 * Soft actor-critic (Haarnoja et al. 2018) with a network of state values and
 * its slow copy, twin action values and learned temperatures, for continuous,
 * discrete and mixed actions (reference 4.4). Rewards come in several signals;
 * a critic's values have a column for each.
 */
import {
  add,
  concat,
  constant,
  exp,
  log,
  minimum,
  multiply,
  reshape,
  split,
  square,
  stopGradient,
  subtract,
  sum,
} from "../tensor/build.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import type { ActionSpec } from "../spec.ts";
import { actionCode, type TakenActions } from "../nn/action_code.ts";
import { branchProbabilities, drawSquashed } from "../nn/distributions.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import { meanOverRows } from "./mean_over_rows.ts";
import type { Temperatures } from "./sac_networks.ts";

/** Keeps logarithms finite, as in the reference. */
const tiny = 1e-7;

/** Entropy that a branch is held at, as a share of the largest (K-14). */
const discreteEntropyShare = 0.2;

/** What the policy would do now, in the states of a batch. */
export interface PolicyDraw {
  /** Drawn actions `[batch, n]`; gradients flow through. */
  readonly continuous?: Node;
  /** Sum of their log densities, `[batch, 1]`. */
  readonly logDensity?: Node;
  /** Of every choice of every branch: `[batch, sum of branches]`. */
  readonly probabilities?: Node;
  /** Their logarithms. */
  readonly logProbabilities?: Node;
}

/** Draws continuous actions with standard normal `noise` `[batch, n]`. */
export function drawPolicy(policy: PolicyOutput, noise?: Node): PolicyDraw {
  let draw: PolicyDraw = {};
  if (policy.gaussian && noise) {
    const { actions, logProbabilities } = drawSquashed(policy.gaussian, noise);
    const logDensity = sum(logProbabilities, [1], true);
    draw = { continuous: actions, logDensity };
  }
  if (policy.categorical) {
    const all = concat(branchProbabilities(policy.categorical), 1);
    const probabilities = add(all, tiny);
    draw = { ...draw, probabilities, logProbabilities: log(probabilities) };
  }
  return draw;
}

/**
 * Q of stored actions by signal, `[batch, signals]`. With branches it is the
 * mean over them of the chosen ones' values.
 */
export function chosenValues(
  values: Node,
  { discrete }: TakenActions,
  { discreteBranches }: ActionSpec,
): Node {
  if (!discrete) return values;
  const chosen = actionCode({ discrete }, discreteBranches);
  const total = sum(multiply(values, reshapeChoices(chosen)), [2]);
  return multiply(total, 1 / discreteBranches.length);
}

/** `[batch, choices]` for products with `[batch, signals, choices]`. */
const reshapeChoices = (x: Node): Node =>
  reshape(x, [x.shape[0], 1, x.shape[1]]);

/** How far rewards reach, by signal. */
export interface Discount {
  readonly gamma: number;
  /** Values go on after the end of an episode. */
  readonly ignoresDone: boolean;
}

/**
 * Targets of the action values, `[batch, signals]`:
 * y = r + gamma (1 - done) V(s'), without the last factor in signals that
 * ignore done.
 */
export function actionValueTargets(
  rewards: Node,
  done: Node,
  nextValues: Node,
  signals: readonly Discount[],
): Node {
  const row = (of: (signal: Discount) => number) =>
    constant(Float32Array.from(signals, of), [1, signals.length]);
  const gamma = row(({ gamma }) => gamma);
  const lost = row(({ gamma, ignoresDone }) => ignoresDone ? 0 : gamma);
  const reach = subtract(
    gamma,
    multiply(reshape(done, [done.shape[0], 1]), lost),
  );
  return stopGradient(add(rewards, multiply(reach, nextValues)));
}

/** 1/2 mean over rows and signals of (target - value)^2; padding has no share. */
export function squaredLoss(values: Node, targets: Node, share?: Node): Node {
  const error = square(subtract(targets, values));
  return multiply(meanOverRows(error, share), 0.5);
}

/** Both critics' values of what the policy would do, see `actionValues`. */
export type TwinValues = readonly [Node, Node];

/**
 * Targets of the state values, `[batch, signals]`: the smaller critic's value
 * minus the temperatures' cost. Without branches
 * v = min_i Q_i - alpha sum_d ln p_d; with them, mean over branches b:
 * v = min_i mean_b sum_a p Q_i - mean_b sum_a alpha_b p ln p - alpha sum_d ln p_d.
 */
export function stateValueTargets(
  twins: TwinValues,
  draw: PolicyDraw,
  temperatures: Temperatures,
  { discreteBranches }: ActionSpec,
): Node {
  const [first, second] = twins.map((values) =>
    draw.probabilities
      ? multiply(
        sum(multiply(values, reshapeChoices(draw.probabilities)), [2]),
        1 / discreteBranches.length,
      )
      : values
  );
  const choices = choiceCost(draw, temperatures, discreteBranches);
  const costs = [
    choices && multiply(choices, 1 / discreteBranches.length),
    densityCost(draw, temperatures),
  ].filter((cost) => cost !== undefined);
  return stopGradient(costs.reduce(subtract, minimum(first, second)));
}

/** alpha sum_d ln p_d, `[batch, 1]`, where there are continuous actions. */
function densityCost(
  { logDensity }: PolicyDraw,
  { continuous }: Temperatures,
): Node | undefined {
  if (!logDensity || !continuous) return undefined;
  return multiply(exp(continuous), logDensity);
}

/** sum_b alpha_b sum_a p ln p, `[batch, 1]`, where there are branches. */
function choiceCost(
  draw: PolicyDraw,
  { discrete }: Temperatures,
  branches: readonly number[],
): Node | undefined {
  const entropies = negativeEntropies(draw, branches);
  if (!entropies || !discrete) return undefined;
  return sum(multiply(exp(discrete), entropies), [1], true);
}

/** sum_a p ln p of every branch, `[batch, branches]`. */
function negativeEntropies(
  { probabilities, logProbabilities }: PolicyDraw,
  sizes: readonly number[],
): Node | undefined {
  if (!probabilities || !logProbabilities) return undefined;
  const each = multiply(probabilities, logProbabilities);
  const branches = split(each, 1, sizes).map((own) => sum(own, [1], true));
  return concat(branches, 1);
}

/**
 * What the policy lowers: mean over rows of
 * alpha sum_d ln p_d + sum_b sum_a p (alpha_b ln p - Q), or - Q of the drawn
 * actions where there are no branches. Q is the mean over signals of `values`
 * and counts once with both kinds of actions (F-16).
 */
export function sacPolicyLoss(
  values: Node,
  draw: PolicyDraw,
  temperatures: Temperatures,
  { discreteBranches }: ActionSpec,
  share?: Node,
): Node {
  const costs = [
    densityCost(draw, temperatures),
    choiceCost(draw, temperatures, discreteBranches),
  ].filter((cost) => cost !== undefined);
  const mean = multiply(sum(values, [1]), 1 / staticDim(values.shape[1]));
  const gain = draw.probabilities
    ? sum(multiply(draw.probabilities, mean), [1], true)
    : reshape(mean, [values.shape[0], 1]);
  return meanOverRows(subtract(costs.reduce(add), gain), share);
}

/**
 * What the temperatures lower: -mean over rows of k (sum_d ln p_d - n), with k
 * the logarithm of alpha and n the number of dimensions, plus
 * -mean over rows and branches of k_b (sum_a p ln p + 0.2 ln size).
 */
export function temperatureLoss(
  draw: PolicyDraw,
  { continuous, discrete }: Temperatures,
  { continuousSize, discreteBranches }: ActionSpec,
  share?: Node,
): Node {
  const losses: Node[] = [];
  if (continuous && draw.logDensity) {
    const excess = stopGradient(subtract(draw.logDensity, continuousSize));
    losses.push(meanOverRows(multiply(continuous, excess), share));
  }
  const entropies = negativeEntropies(draw, discreteBranches);
  if (discrete && entropies) {
    const wanted = discreteBranches.map((n) =>
      discreteEntropyShare * Math.log(n)
    );
    const target = constant(Float32Array.from(wanted), [1, wanted.length]);
    const excess = stopGradient(add(entropies, target));
    losses.push(meanOverRows(multiply(discrete, excess), share));
  }
  return multiply(losses.reduce(add), -1);
}

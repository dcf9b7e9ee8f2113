import assert from "node:assert/strict";
import {
  actionValueTargets,
  chosenValues,
  drawPolicy,
  type PolicyDraw,
  sacPolicyLoss,
  squaredLoss,
  stateValueTargets,
  temperatureLoss,
} from "../../lib/algo/sac.ts";
import { constant, reshape } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf, wholeMatrix } from "../support/evaluate.ts";

const vector = (...values: number[]) => constant(Float32Array.from(values));
const { LN2 } = Math;

const continuous = { continuousSize: 2, discreteBranches: [] };
const discrete = { continuousSize: 0, discreteBranches: [2, 2] };
const hybrid = { continuousSize: 1, discreteBranches: [2] };

/** Rows of probabilities by choice, and their logarithms. */
function choices(...rows: number[][]): PolicyDraw {
  return {
    probabilities: matrix(...rows),
    logProbabilities: matrix(...rows.map((row) => row.map(Math.log))),
  };
}

/** Values by choice `[1, signals, choices]`. */
function valuesByChoice(...signals: number[][]): Node {
  return reshape(matrix(...signals), [1, signals.length, signals[0].length]);
}

Deno.test("targets of action values end where their signal ends", () => {
  const targets = actionValueTargets(
    matrix([1, 2], [3, 4]),
    vector(0, 1),
    matrix([10, 20], [30, 40]),
    [{ gamma: 0.9, ignoresDone: false }, { gamma: 0.5, ignoresDone: true }],
  );
  // 1 + 0.9 10, 2 + 0.5 20; the second row is done: 3, 4 + 0.5 40.
  assertClose(valuesOf(targets), [10, 12, 3, 24], 1e-6);
});

Deno.test("Q of stored choices is the mean over branches", () => {
  const values = valuesByChoice([1, 2, 3, 4], [10, 20, 30, 40]);
  const taken = { discrete: wholeMatrix([1, 0]) };
  // (2 + 3) / 2 and (20 + 30) / 2.
  assertClose(valuesOf(chosenValues(values, taken, discrete)), [2.5, 25], 1e-6);
});

Deno.test("half the mean square over rows and signals; padding has no part", () => {
  const values = matrix([1, 2], [3, 4]);
  const targets = matrix([2, 4], [3, 0]);
  // (1 + 4 + 0 + 16) / 4 / 2.
  assertClose(valuesOf(squaredLoss(values, targets)), [2.625], 1e-6);
  // The second row fills its sequence up: (1 + 4) / 2 / 2 (F-1).
  const share = vector(1, 0);
  assertClose(valuesOf(squaredLoss(values, targets, share)), [1.25], 1e-6);
});

Deno.test("targets of state values: the smaller Q, minus the entropy's cost", () => {
  const draw = { logDensity: matrix([-2], [3]) };
  const targets = stateValueTargets(
    [matrix([1, 5], [2, 2]), matrix([3, 4], [0, 9])],
    draw,
    { continuous: vector(Math.log(0.5)) },
    continuous,
  );
  // min is 1, 4 and 0, 2; minus 0.5 (-2) and 0.5 3.
  assertClose(valuesOf(targets), [2, 5, -1.5, 0.5], 1e-6);
});

Deno.test("with branches they are means over them", () => {
  const targets = stateValueTargets(
    [valuesByChoice([1, 3, 0, 4]), valuesByChoice([2, 2, 2, 2])],
    choices([0.5, 0.5, 0.25, 0.75]),
    { discrete: vector(0, LN2) },
    discrete,
  );
  // Q1: (2 + 3) / 2 = 2.5, Q2: 2. Costs: -ln 2 and 2 (-0.562335), halved.
  const cost = (-LN2 + 2 * (0.25 * Math.log(0.25) + 0.75 * Math.log(0.75))) / 2;
  assertClose(valuesOf(targets), [2 - cost], 1e-6);
  assertClose([2 - cost], [2.908909], 1e-6);
});

Deno.test("the density's cost lowers the value beside branches, too (F-15)", () => {
  const targets = stateValueTargets(
    [valuesByChoice([4, 4]), valuesByChoice([6, 6])],
    { ...choices([0.5, 0.5]), logDensity: matrix([3]) },
    { continuous: vector(LN2), discrete: vector(0) },
    hybrid,
  );
  // 4 + ln 2 - 2 3; with the wrong sign it would be 4 + ln 2 + 2 3.
  assertClose(valuesOf(targets), [4 + LN2 - 6], 1e-6);
});

Deno.test("targets let no gradient through", () => {
  const q = matrix([1]);
  const targets = stateValueTargets(
    [q, matrix([2])],
    { logDensity: matrix([1]) },
    { continuous: vector(0) },
    { continuousSize: 1, discreteBranches: [] },
  );
  const loss = squaredLoss(matrix([0]), targets);
  assert.deepEqual(gradient(loss, [q]).map(valuesOf), [[0]]);
});

Deno.test("the policy pays for density and is paid the mean Q of all signals", () => {
  const loss = sacPolicyLoss(
    matrix([1, 3], [5, 7]),
    { logDensity: matrix([2], [-4]) },
    { continuous: vector(Math.log(0.5)) },
    continuous,
  );
  // 0.5 2 - 2 = -1 and 0.5 (-4) - 6 = -8.
  assertClose(valuesOf(loss), [-4.5], 1e-6);
});

Deno.test("the policy's branches add up", () => {
  const loss = sacPolicyLoss(
    valuesByChoice([1, 3, 0, 4], [3, 5, 0, 0]),
    choices([0.5, 0.5, 0.25, 0.75]),
    { discrete: vector(0, 0) },
    discrete,
  );
  // Mean Q: 2, 4, 0, 2, so that Q is 3 + 1.5; entropies ln 2 and 0.562335.
  assertClose(valuesOf(loss), [-LN2 - 0.562335 - 4.5], 1e-6);
});

Deno.test("with both kinds of actions Q counts once (F-16)", () => {
  const loss = sacPolicyLoss(
    valuesByChoice([2, 4]),
    { ...choices([0.5, 0.5]), logDensity: matrix([5]) },
    { continuous: vector(0), discrete: vector(0) },
    hybrid,
  );
  // 5 - ln 2 - 3; counted twice it would be 5 - ln 2 - 6.
  assertClose(valuesOf(loss), [2 - LN2], 1e-6);
});

Deno.test("temperatures rise where the entropy is too small", () => {
  const k = vector(0.3);
  const loss = temperatureLoss(
    { logDensity: matrix([3], [2]) },
    { continuous: k },
    continuous,
  );
  // -0.3 ((3 - 2) + (2 - 2)) / 2.
  assertClose(valuesOf(loss), [-0.15], 1e-6);
  assertClose(gradient(loss, [k]).flatMap(valuesOf), [-0.5], 1e-6);
});

Deno.test("branches are held at a fifth of their largest entropy", () => {
  const ks = vector(1, 2);
  const loss = temperatureLoss(
    choices([0.5, 0.5, 0.25, 0.75]),
    { discrete: ks },
    discrete,
  );
  // sum p ln p + 0.2 ln 2: -0.554518 and -0.423706.
  assertClose(valuesOf(loss), [(0.554518 + 2 * 0.423706) / 2], 1e-5);
  const slopes = gradient(loss, [ks]).flatMap(valuesOf);
  assertClose(slopes, [0.554518 / 2, 0.423706 / 2], 1e-5);
});

Deno.test("padding has no part in the policy's losses", () => {
  const draw = { logDensity: matrix([2], [-40]) };
  const temperatures = { continuous: vector(0) };
  const share = vector(1, 0);
  const policy = sacPolicyLoss(
    matrix([1], [50]),
    draw,
    temperatures,
    continuous,
    share,
  );
  assertClose(valuesOf(policy), [1], 1e-6);
  const k = { continuous: vector(1) };
  const loss = temperatureLoss(draw, k, continuous, share);
  assertClose(valuesOf(loss), [0], 1e-6);
});

Deno.test("a draw has what the policy's actions need", () => {
  const gaussian = {
    mean: matrix([0, 1]),
    logSigma: matrix([0, 0]),
    isSquashed: true,
  };
  const categorical = { logits: matrix([0, 0, -1e8, 4]), sizes: [2, 2] };
  const both = drawPolicy({ gaussian, categorical }, matrix([0, 0]));
  assert(both.continuous && both.logDensity);
  assert(both.probabilities && both.logProbabilities);
  assertClose(valuesOf(both.continuous), [0, Math.tanh(1)], 1e-6);
  // Twice -ln sqrt(2 pi), and -ln(1 - tanh(1)^2) = 0.867562.
  assertClose(valuesOf(both.logDensity), [-1.837877 + 0.867562], 1e-5);
  assertClose(valuesOf(both.probabilities), [0.5, 0.5, 0, 1], 1e-6);
  const [, , forbidden] = valuesOf(both.logProbabilities);
  assertClose([forbidden], [Math.log(1e-7)], 1e-5);
  assert.deepEqual(Object.keys(drawPolicy({ gaussian }, matrix([0, 0]))), [
    "continuous",
    "logDensity",
  ]);
});

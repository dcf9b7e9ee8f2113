import assert from "node:assert/strict";
import {
  logProbabilities,
  policyDivergence,
  policyEntropy,
  policyLoss,
  valueLoss,
} from "../../lib/algo/ppo.ts";
import { maskLogits } from "../../lib/nn/distributions.ts";
import { constant } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf, wholeMatrix } from "../support/evaluate.ts";

const epsilon = constant(0.2);
const beta = constant(0.01);
const vector = (...values: number[]) => constant(Float32Array.from(values));

/** Old log probabilities that make the ratios to the present what is said. */
function oldOf(present: Node, ratios: readonly number[]): Node {
  const old = valuesOf(present).map((log, i) => log - Math.log(ratios[i]));
  return constant(Float32Array.from(old), present.shape);
}

Deno.test("the policy loss of two rows as worked out by hand", () => {
  // Normal policy, mean 0, deviation 1; actions 1 and 2; ratios 1.5 and 1.1.
  const mean = matrix([0], [0]);
  const logSigma = matrix([0]);
  const policy = { gaussian: { mean, logSigma } };
  const actions = { continuous: matrix([1], [2]) };
  const { loss, policy: part } = policyLoss({
    policy,
    actions,
    oldLogProbabilities: oldOf(logProbabilities(policy, actions), [1.5, 1.1]),
    advantages: vector(2, -1),
    epsilon,
    beta,
  });
  // Row 0: min(1.5 * 2, 1.2 * 2) = 2.4: clipped.
  // Row 1: min(1.1 * -1, 1.1 * -1) = -1.1: inside the clip range.
  // L_pi = -(2.4 - 1.1) / 2 = -0.65.
  assertClose(valuesOf(part), [-0.65], 1e-6);
  // H = (1 + ln 2 pi) / 2 = 1.418939; L = -0.65 - 0.01 * 1.418939.
  assertClose(valuesOf(loss), [-0.66418939], 1e-6);
  // Only row 1 pulls: d(rho A)/d mean = rho A (a - mean) = -1.1 * 2, halved by
  // the mean over rows; d/d log sigma = rho A ((a - mean)^2 - 1) = -1.1 * 3,
  // halved. The entropy grows by 1 with log sigma.
  const [byMean, byLogSigma] = gradient(loss, [mean, logSigma]).map(valuesOf);
  assertClose(byMean, [0, 1.1], 1e-5);
  assertClose(byLogSigma, [1.65 - 0.01], 1e-5);
});

Deno.test("the clip is active only where it makes the gain smaller", () => {
  // Ratio, advantage, gain, and whether the gradient flows.
  const cases = [
    [1.5, 1, 1.2, false],
    [0.5, 1, 0.5, true],
    [1.5, -1, -1.5, true],
    [0.5, -1, -0.8, false],
    [1.1, 1, 1.1, true],
    [0.9, -1, -0.9, true],
  ] as const;
  for (const [ratio, advantage, gain, flows] of cases) {
    const mean = matrix([0]);
    const policy = { gaussian: { mean, logSigma: matrix([0]) } };
    const actions = { continuous: matrix([2]) };
    const { loss, policy: part } = policyLoss({
      policy,
      actions,
      oldLogProbabilities: oldOf(logProbabilities(policy, actions), [ratio]),
      advantages: vector(advantage),
      epsilon,
      beta,
    });
    const what = `ratio ${ratio}, advantage ${advantage}`;
    assertClose(valuesOf(part), [-gain], 1e-6, what);
    const slope = flows ? -ratio * advantage * 2 : 0;
    assertClose(valuesOf(gradient(loss, [mean])[0]), [slope], 1e-5, what);
  }
});

Deno.test("every action dimension has a ratio and a clip of its own", () => {
  const policy = {
    gaussian: { mean: matrix([0, 0]), logSigma: matrix([0, 0]) },
  };
  const actions = { continuous: matrix([1, -1]) };
  const { policy: part } = policyLoss({
    policy,
    actions,
    oldLogProbabilities: oldOf(logProbabilities(policy, actions), [2, 0.9]),
    advantages: vector(1),
    epsilon,
    beta,
  });
  // (1.2 + 0.9) / 2; a joint ratio of 1.8 would give 1.2.
  assertClose(valuesOf(part), [-1.05], 1e-6);
});

Deno.test("a joint ratio is the product of all, with one clip", () => {
  const mean = matrix([0, 0]);
  const policy = { gaussian: { mean, logSigma: matrix([0, 0]) } };
  const actions = { continuous: matrix([1, -1]) };
  const loss = (ratios: number[]) =>
    policyLoss({
      policy,
      actions,
      oldLogProbabilities: oldOf(logProbabilities(policy, actions), ratios),
      advantages: vector(1),
      epsilon,
      beta,
      isJoint: true,
    });
  // 2 * 0.9 is clipped to 1.2; 2 * 0.55 = 1.1 is not.
  assertClose(valuesOf(loss([2, 0.9]).policy), [-1.2], 1e-6);
  assertClose(valuesOf(loss([2, 0.55]).policy), [-1.1], 1e-6);
  assertClose(valuesOf(loss([2, 0.55]).logRatio), [Math.log(1.1)], 1e-6);
});

Deno.test("padded rows have no part in the losses", () => {
  const mean = matrix([0], [0], [0]);
  const policy = { gaussian: { mean, logSigma: matrix([0]) } };
  const actions = { continuous: matrix([1], [2], [9]) };
  const share = vector(0.5, 0.5, 0);
  const { loss, policy: part } = policyLoss({
    policy,
    actions,
    oldLogProbabilities: oldOf(
      logProbabilities(policy, actions),
      [1.5, 1.1, 3],
    ),
    advantages: vector(2, -1, 7),
    epsilon,
    beta,
    share,
  });
  // The two rows worked out above.
  assertClose(valuesOf(part), [-0.65], 1e-6);
  assertClose(valuesOf(loss), [-0.66418939], 1e-6);
  assertClose(valuesOf(gradient(loss, [mean])[0]), [0, 1.1, 0], 1e-5);
  const values = matrix([1, 0], [3, 2], [8, 8]);
  const returns = matrix([2, 0], [1, 5], [0, 0]);
  // (1 + 0 + 4 + 9) / 4.
  assertClose(valuesOf(valueLoss(values, returns, share).value), [3.5], 1e-6);
});

Deno.test("a clipped value counts where it is the worse one", () => {
  const values = matrix([1.5], [0.5], [1.1]);
  const returns = matrix([2], [2], [2]);
  const clip = { oldValues: matrix([1], [1], [1]), epsilon };
  // (2 - 1.2)^2 above (2 - 1.5)^2; (2 - 0.5)^2 above (2 - 0.8)^2; (2 - 1.1)^2.
  const { value } = valueLoss(values, returns, undefined, clip);
  assertClose(valuesOf(value), [(0.64 + 2.25 + 0.81) / 3], 1e-6);
  const [slope] = gradient(value, [values]).map(valuesOf);
  assertClose(slope, [0, -1, -0.6], 1e-6);
});

Deno.test("the divergence is that of the joint ratios", () => {
  const logs = matrix([Math.log(2), Math.log(1.5)], [0, 0], [5, 5]);
  const each = 3 - 1 - Math.log(3);
  const share = vector(0.5, 0.5, 0);
  assertClose(valuesOf(policyDivergence(logs, share)), [each / 2], 1e-6);
  const single = matrix([Math.log(3)]);
  assertClose(valuesOf(policyDivergence(single)), [each], 1e-6);
});

Deno.test("branches with masks as worked out by hand", () => {
  // p = 3/4, 1/4 in one branch; in the other only the first is allowed.
  const logits = matrix([Math.log(3), 0, 5, 5]);
  const masked = maskLogits(logits, matrix([1, 1, 1, 0]));
  const policy = { categorical: { logits: masked, sizes: [2, 2] } };
  const actions = { discrete: wholeMatrix([0, 0]) };
  const { loss, policy: part } = policyLoss({
    policy,
    actions,
    oldLogProbabilities: matrix([Math.log(0.5), 0]),
    advantages: vector(1),
    epsilon,
    beta,
  });
  // Ratios 0.75 / 0.5 = 1.5, clipped to 1.2, and 1: (1.2 + 1) / 2.
  assertClose(valuesOf(part), [-1.1], 1e-6);
  // H = 0.75 ln(4/3) + 0.25 ln 4 + 0 = 0.562335.
  assertClose(valuesOf(loss), [-1.1 - 0.00562335], 1e-6);
  // The forbidden choice and its neighbour feel nothing.
  const [slope] = gradient(loss, [logits]).map(valuesOf);
  assertClose(slope.slice(2), [0, 0], 1e-6);
  // The clipped branch feels the entropy only: -dH/dx = p (ln p + H).
  const pull = 0.01 * 0.75 * (Math.log(0.75) + 0.562335);
  assertClose(slope.slice(0, 2), [pull, -pull], 1e-6);
});

Deno.test("log probabilities: dimensions first, then branches", () => {
  const policy = {
    gaussian: { mean: matrix([0, 0]), logSigma: matrix([0, 0]) },
    categorical: { logits: matrix([0, 0]), sizes: [2] },
  };
  const actions = {
    continuous: matrix([0, 1]),
    discrete: wholeMatrix([1]),
  };
  const normal = -0.918939;
  assertClose(
    valuesOf(logProbabilities(policy, actions)),
    [normal, normal - 0.5, -Math.LN2],
    1e-6,
  );
});

Deno.test("entropies: mean over dimensions plus sum over branches", () => {
  const policy = {
    gaussian: { mean: matrix([0, 0]), logSigma: matrix([0, 0]) },
    categorical: { logits: matrix([0, 0, 0, 0], [0, 9, 0, 0]), sizes: [2, 2] },
  };
  const [even, odd] = valuesOf(policyEntropy(policy));
  assertClose([even], [1.418939 + 2 * Math.LN2], 1e-5);
  assert(odd < even);
  assert.throws(() => policyEntropy({}), /a policy without actions/);
});

Deno.test("the value loss is a mean over rows and signals, halved", () => {
  const values = matrix([1, 2], [3, 4]);
  const returns = matrix([2, 2], [3, 0]);
  const { loss, value } = valueLoss(values, returns);
  // (1 + 0 + 0 + 16) / 4.
  assertClose(valuesOf(value), [4.25], 1e-6);
  assertClose(valuesOf(loss), [2.125], 1e-6);
  // d/dV = -(R - V) / 4.
  const [slope] = gradient(loss, [values]).map(valuesOf);
  assertClose(slope, [-0.25, 0, 0, 1], 1e-6);
});

import assert from "node:assert/strict";
import {
  branchProbabilities,
  categoricalEntropy,
  categoricalLogProbability,
  drawSquashed,
  gaussianEntropy,
  gaussianLogProbability,
  maskLogits,
  sampleCategorical,
  sampleGaussian,
} from "../../lib/nn/distributions.ts";
import { constant, sum } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf, wholeMatrix } from "../support/evaluate.ts";

const logOf = Math.log;

Deno.test("samples are mean plus deviation times noise", () => {
  const policy = {
    mean: matrix([1, 2], [3, 4]),
    logSigma: matrix([0, logOf(0.5)]),
  };
  const sample = sampleGaussian(policy, matrix([1, 1], [-2, 2]));
  assertClose(valuesOf(sample), [2, 2.5, 1, 5], 1e-6);
});

Deno.test("log density of a normal distribution, per dimension", () => {
  const policy = {
    mean: matrix([0, 1], [2, 2]),
    logSigma: matrix([0, logOf(2)]),
  };
  const action = matrix([0, 5], [3, 2]);
  // -ln sqrt(2 pi) = -0.918939; with deviation 2: -0.918939 - 0.693147.
  // (5 - 1)^2 / (2 * 4) = 2; (3 - 2)^2 / 2 = 0.5.
  assertClose(
    valuesOf(gaussianLogProbability(policy, action)),
    [-0.918939, -1.612086 - 2, -0.918939 - 0.5, -1.612086],
    1e-6,
  );
});

Deno.test("a vanishing deviation leaves the log density finite", () => {
  const policy = { mean: matrix([0]), logSigma: matrix([-40]) };
  const [value] = valuesOf(gaussianLogProbability(policy, matrix([0.001])));
  // -(0.001)^2 / 1e-7 - ln 1e-7 - ln sqrt(2 pi).
  assertClose([value], [-10 + 16.118096 - 0.918939], 1e-5);
});

Deno.test("entropy of normal distributions is a mean over dimensions", () => {
  const one = gaussianEntropy({ mean: matrix([0]), logSigma: matrix([0]) });
  assertClose(valuesOf(one), [1.418939], 1e-6);
  // 1.418939 + ln 2 for deviation 2; the mean of both dimensions.
  const logSigma = matrix([0, logOf(2)]);
  const two = gaussianEntropy({ mean: matrix([0, 0]), logSigma });
  assertClose(valuesOf(two), [1.418939 + 0.693147 / 2], 1e-6);
  assert.deepEqual(two.shape, [1]);
});

Deno.test("forbidden choices are lowered by 1e8", () => {
  const logits = maskLogits(matrix([1, -2, 3]), matrix([1, 0, 1]));
  assert.deepEqual(valuesOf(logits), [1, -1e8, 3]);
});

/** Branches of 2 and 3 choices; p = 3/4, 1/4 and 1/2, 1/3, 1/6. */
const logits = [3, 1, 3, 2, 1].map(logOf);
const branches = { logits: matrix(logits, logits), sizes: [2, 3] };

Deno.test("each branch has probabilities of its own", () => {
  const [first, second] = branchProbabilities(branches).map(valuesOf);
  assertClose(first, [0.75, 0.25, 0.75, 0.25], 1e-6);
  assertClose(second, [1 / 2, 1 / 3, 1 / 6, 1 / 2, 1 / 3, 1 / 6], 1e-6);
});

Deno.test("log probabilities of the chosen indices", () => {
  const chosen = wholeMatrix([0, 2], [1, 0]);
  assertClose(
    valuesOf(categoricalLogProbability(branches, chosen)),
    [logOf(3 / 4), logOf(1 / 6), logOf(1 / 4), logOf(1 / 2)],
    1e-5,
  );
});

Deno.test("the only allowed choice is certain, a forbidden one hopeless", () => {
  const masked = {
    logits: maskLogits(matrix([5, 0], [5, 0]), matrix([0, 1], [0, 1])),
    sizes: [2],
  };
  const values = valuesOf(
    categoricalLogProbability(masked, wholeMatrix([1], [0])),
  );
  // Not minus infinity: ln 1e-7.
  assertClose(values, [0, -16.118096], 1e-5);
  assertClose(valuesOf(categoricalEntropy(masked)), [0, 0], 1e-6);
});

Deno.test("entropies of branches add up", () => {
  // 0.75 ln(4/3) + 0.25 ln 4 = 0.562335;
  // 0.5 ln 2 + 1/3 ln 3 + 1/6 ln 6 = 1.011404.
  const entropy = categoricalEntropy(branches);
  assert.deepEqual(entropy.shape, [2]);
  assertClose(valuesOf(entropy), [1.573739, 1.573739], 1e-5);
});

Deno.test("without noise the likeliest choice is taken", () => {
  const policy = {
    logits: matrix([1, 2, 9, 8, 7], [2, 1, 7, 9, 9]),
    sizes: [2, 3],
  };
  assert.deepEqual(valuesOf(sampleCategorical(policy)), [1, 0, 0, 1]);
  assert.equal(sampleCategorical(policy).dtype, "int32");
});

Deno.test("Gumbel noise draws choices by their probabilities", () => {
  const random = new RandomGenerator(5, "gumbel");
  const draws = 20_000;
  const noise = Float32Array.from({ length: 5 * draws }, () => random.gumbel());
  const rows = new Float32Array(5 * draws);
  for (let i = 0; i < rows.length; i++) rows[i] = logits[i % 5];
  const choices = valuesOf(sampleCategorical(
    { logits: constant(rows, [draws, 5]), sizes: [2, 3] },
    constant(noise, [draws, 5]),
  ));
  const shares = [0, 0, 0, 0, 0];
  choices.forEach((choice, i) => shares[choice + (i % 2 ? 2 : 0)] += 1 / draws);
  // Six standard errors of a share of one half.
  assertClose(shares, [3 / 4, 1 / 4, 1 / 2, 1 / 3, 1 / 6], 0.021);
});

Deno.test("squashed draws are tanh of samples, with densities to match", () => {
  const policy = {
    mean: matrix([0, 0.5], [0, 0]),
    logSigma: matrix([0, logOf(0.5)], [0, 0]),
    isSquashed: true,
  };
  const noise = matrix([1, -2], [0, 30]);
  const { actions, logProbabilities } = drawSquashed(policy, noise);
  // u = 1, -0.5, 0 and 30.
  assertClose(valuesOf(actions), [0.761594, -0.462117, 0, 1], 1e-6);
  assertClose(valuesOf(sampleGaussian(policy, noise)), valuesOf(actions), 0);
  // ln N - ln(1 - tanh(u)^2): -1.418939 + 0.867562; -2.225791 + 0.240230;
  // -0.918939; -450.918939 + 2 (30 - ln 2), where 1 - tanh^2 is 0 in float32.
  assertClose(
    valuesOf(logProbabilities),
    [-0.551377, -1.985561, -0.918939, -392.305233],
    1e-5,
  );
});

Deno.test("the density of squashed draws has the slope 2 tanh(u)", () => {
  const mean = matrix([0.3, -2, 0]);
  const policy = { mean, logSigma: matrix([0, 0, 0]), isSquashed: true };
  const { logProbabilities } = drawSquashed(policy, matrix([1, 1, 0]));
  // The noise stays, so that the normal density does, too.
  const [slope] = gradient(sum(logProbabilities), [mean]).map(valuesOf);
  assertClose(slope, [1.3, -1, 0].map((u) => 2 * Math.tanh(u)), 1e-5);
});

import assert from "node:assert/strict";
import { judgementLoss } from "../../lib/algo/poca.ts";
import { constant } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

/** Two rows of one signal. */
const batch = {
  values: matrix([1], [3]),
  baselines: matrix([1.5], [2.1]),
  returns: matrix([2], [2]),
  oldBaselines: matrix([1], [2]),
  epsilon: constant(0.2),
};

Deno.test("half the values' loss and a quarter of the baselines', by hand", () => {
  const { loss, value, baseline } = judgementLoss(batch);
  // L_V = ((2 - 1)^2 + (2 - 3)^2) / 2 = 1, however far values have moved.
  assertClose(valuesOf(value), [1], 1e-6);
  // The first baseline moved by 0.5, of which 0.2 count: the larger of
  // (2 - 1.5)^2 = 0.25 and (2 - 1.2)^2 = 0.64. The second: (2 - 2.1)^2 = 0.01.
  assertClose(valuesOf(baseline), [(0.64 + 0.01) / 2], 1e-6);
  assertClose(valuesOf(loss), [0.5 * 1 + 0.25 * 0.325], 1e-6);
});

Deno.test("a baseline that has moved too far towards its target rests", () => {
  const [slope] = gradient(judgementLoss(batch).loss, [batch.baselines]);
  // The second: 0.25 * 2 (2.1 - 2) / 2.
  assertClose(valuesOf(slope), [0, 0.025], 1e-6);
  // One that moved away from its target is called back.
  const away = { ...batch, baselines: matrix([0.5], [2.1]) };
  const [back] = gradient(judgementLoss(away).loss, [away.baselines]);
  assertClose(valuesOf(back), [0.25 * 2 * -1.5 / 2, 0.025], 1e-6);
});

Deno.test("values are not clipped", () => {
  const [slope] = gradient(judgementLoss(batch).loss, [batch.values]);
  assertClose(valuesOf(slope), [-0.5, 0.5], 1e-6);
});

Deno.test("padding has no share in either loss", () => {
  const share = constant(Float32Array.of(1, 0));
  const { value, baseline } = judgementLoss({ ...batch, share });
  assertClose(valuesOf(value), [1], 1e-6);
  assertClose(valuesOf(baseline), [0.64], 1e-6);
  const [slope] = gradient(baseline, [batch.baselines]);
  assert.equal(valuesOf(slope)[1], 0);
});

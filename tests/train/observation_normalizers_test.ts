import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { UserError } from "../../lib/errors.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { ObservationNormalizers } from "../../lib/train/observation_normalizers.ts";
import { assertClose } from "../support/closeness.ts";

const rollout = new Rollout({
  observationSpecs: [vectorObservation(1), vectorObservation(2)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
}, 4);
rollout.observations[0].set([1, 1, 0, 99]);
rollout.observations[1].set([5, 6, 5, 6, 5, 6, 99, 99]);

Deno.test("every sensor has statistics, as inputs of the programs", () => {
  const normalizers = new ObservationNormalizers([1, 2]);
  assert(normalizers.areUsed);
  normalizers.update(rollout, Int32Array.of(0, 1, 2));
  const inputs = normalizers.inputs();
  // 1, 1, 0 after the prior 0: mean 1/2, squares 2 of 4.
  assertClose(inputs["normalizer.0.mean"].data, [0.5]);
  assertClose(inputs["normalizer.0.scale"].data, [Math.SQRT2]);
  assertClose(inputs["normalizer.1.mean"].data, [3.75, 4.5]);
  assert.deepEqual(inputs["normalizer.1.scale"].shape, [2]);
});

Deno.test("without normalisation there are no inputs and no state", () => {
  const none = new ObservationNormalizers([]);
  assert(!none.areUsed);
  none.update(rollout, Int32Array.of(0));
  assert.deepEqual([none.inputs(), none.snapshot()], [{}, {}]);
});

Deno.test("a snapshot restores every sensor", () => {
  const normalizers = new ObservationNormalizers([1, 2]);
  normalizers.update(rollout, Int32Array.of(0, 1, 2));
  const restored = new ObservationNormalizers([1, 2]);
  restored.restore(normalizers.snapshot());
  assert.deepEqual(restored.inputs(), normalizers.inputs());
});

Deno.test("a state of other sensors, or of none, is refused", () => {
  const states = [[1, 2], [1], [1, 3], []].map((sizes) =>
    new ObservationNormalizers(sizes).snapshot()
  );
  const refused = (error: unknown) => {
    assert(error instanceof UserError);
    assert.match(error.message, /normalizers do not fit this run/);
    return true;
  };
  const [whole, ...others] = states;
  for (const state of others) {
    const restored = new ObservationNormalizers([1, 2]);
    const before = restored.snapshot();
    assert.throws(() => restored.restore(state), refused);
    assert.deepEqual(restored.snapshot(), before);
  }
  const unused = new ObservationNormalizers([]);
  assert.throws(() => unused.restore(whole), refused);
  unused.restore({});
});

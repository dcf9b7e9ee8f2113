import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { drawRandomActions } from "../../lib/train/random_actions.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const spec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 2, discreteBranches: [2, 3] },
};

/** Waiting decisions of two sources: rows 1 and 2, then row 3. */
function waiting() {
  const rollout = new Rollout(spec, 4);
  rollout.size = 4;
  rollout.mask.fill(1);
  const chosen = [2, 1].map((count, source) => ({
    source,
    actions: {
      continuous: new Float32Array(2 * count).fill(9),
      discrete: new Int32Array(2 * count).fill(9),
    },
  }));
  return { rollout, chosen };
}

Deno.test("the newest rows and the answers get the same actions", () => {
  const { rollout, chosen } = waiting();
  drawRandomActions(rollout, chosen, new RandomGenerator(1));
  const [first, second] = chosen.map(({ actions }) => actions);
  assert.deepEqual([...rollout.continuous], [
    ...[0, 0],
    ...first.continuous,
    ...second.continuous,
  ]);
  assert.deepEqual([...rollout.discrete], [
    ...[0, 0],
    ...first.discrete,
    ...second.discrete,
  ]);
});

Deno.test("actions are uniform within their limits, and none is masked", () => {
  const { rollout, chosen } = waiting();
  // In row 2 the second branch has its last choice only.
  rollout.mask.set([1, 1, 0, 0, 1], 10);
  const random = new RandomGenerator(2);
  const counts = [0, 0, 0];
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < 3000; i++) {
    drawRandomActions(rollout, chosen, random);
    const [{ actions: first }, { actions: second }] = chosen;
    assert.equal(first.discrete[3], 2);
    counts[second.discrete[1]]++;
    sum += second.continuous[0];
    squares += second.continuous[0] ** 2;
    assert(first.continuous.every((value) => value >= -1 && value <= 1));
  }
  for (const count of counts) assert(Math.abs(count - 1000) < 100);
  assert(Math.abs(sum / 3000) < 0.04);
  assert(Math.abs(squares / 3000 - 1 / 3) < 0.03);
});

import assert from "node:assert/strict";
import { updatesUntil } from "../../lib/train/update_count.ts";

/** The reference's loop: `u` begins at 1. */
function looped(step: number, init: number, stepsPerUpdate: number): number {
  let u = 1;
  while ((step - init) / u > stepsPerUpdate) u++;
  return u - 1;
}

Deno.test("as many updates as the reference's loop makes", () => {
  for (const init of [0, 1, 100]) {
    for (const stepsPerUpdate of [0.25, 0.5, 1, 2, 10, 12.5]) {
      const rate = {
        buffer_init_steps: init,
        steps_per_update: stepsPerUpdate,
      };
      for (let step = 0; step < 300; step++) {
        assert.equal(
          updatesUntil(step, rate),
          looped(step, init, stepsPerUpdate),
          `step ${step}, ${init} at first, ${stepsPerUpdate} per update`,
        );
      }
    }
  }
});

Deno.test("one update per 10 steps: the first comes with step 11", () => {
  const rate = { buffer_init_steps: 0, steps_per_update: 10 };
  assert.deepEqual(
    [0, 10, 11, 20, 21, 1001].map((step) => updatesUntil(step, rate)),
    [0, 0, 1, 1, 2, 100],
  );
});

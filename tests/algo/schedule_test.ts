import assert from "node:assert/strict";
import { scheduledValue, scheduleFloor } from "../../lib/algo/schedule.ts";
import { assertClose } from "../support/closeness.ts";

Deno.test("a constant schedule stays", () => {
  assert.equal(scheduledValue("constant", 0.3, 0.1, 5, 10), 0.3);
  assert.equal(scheduledValue("constant", 0.3, 0.1, 50, 10), 0.3);
});

Deno.test("a linear schedule falls in a straight line to its floor", () => {
  const at = (step: number) => scheduledValue("linear", 1, 0.2, step, 9);
  // 0.8 * (1 - 4/9) + 0.2.
  assertClose([at(0), at(4), at(9)], [1, 0.6444444, 0.2], 1e-6);
});

Deno.test("beyond the last step the floor stays", () => {
  assert.equal(scheduledValue("linear", 1, 0.2, 90, 9), 0.2);
});

Deno.test("the floors of the shipped hyperparameters", () => {
  assert.deepEqual(scheduleFloor, {
    learning_rate: 1e-10,
    epsilon: 0.1,
    beta: 1e-5,
  });
});

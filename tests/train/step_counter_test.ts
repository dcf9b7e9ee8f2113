import assert from "node:assert/strict";
import { StepCounter } from "../../lib/train/step_counter.ts";

Deno.test("summaries are due at multiples, labelled with them", () => {
  const counter = new StepCounter(100, 1000);
  const due = [60, 30, 10, 99, 1, 150].map((steps) => counter.count(steps));
  // Steps after each: 60, 90, 100, 199, 200, 350.
  assert.deepEqual(due, [null, null, 100, null, 200, 300]);
  assert.equal(counter.step, 350);
});

Deno.test("a piece that spans several multiples is due once", () => {
  const counter = new StepCounter(10, 10);
  counter.count(5);
  assert.equal(counter.count(40), 10);
  assert.equal(counter.takeCheckpointDue(), true);
  assert.equal(counter.takeCheckpointDue(), false);
  // The next mark lies above the step: 50.
  assert.equal(counter.count(4), null);
  assert.equal(counter.takeCheckpointDue(), false);
  assert.equal(counter.count(1), 50);
  assert.equal(counter.takeCheckpointDue(), true);
});

Deno.test("the first piece is due for nothing", () => {
  const counter = new StepCounter(10, 10);
  assert.equal(counter.count(25), null);
  assert.equal(counter.takeCheckpointDue(), false);
  assert.equal(counter.count(5), 30);
  assert.equal(counter.takeCheckpointDue(), true);
});

Deno.test("summaries and checkpoints have marks of their own", () => {
  const counter = new StepCounter(10, 15);
  const due = Array.from({ length: 6 }, () => {
    const summary = counter.count(5);
    return [summary, counter.takeCheckpointDue()];
  });
  assert.deepEqual(due, [
    [null, false],
    [10, false],
    [null, true],
    [20, false],
    [null, false],
    [30, true],
  ]);
});

Deno.test("an interval may be endless", () => {
  const counter = new StepCounter(10, Infinity);
  counter.count(1);
  assert.equal(counter.count(1e9), 10);
  assert.equal(counter.takeCheckpointDue(), false);
});

Deno.test("a restored counter goes on with the same marks", () => {
  const counter = new StepCounter(10, 10);
  counter.count(17);
  const restored = new StepCounter(10, 10);
  restored.restore(counter.snapshot());
  assert.equal(restored.step, 17);
  assert.equal(restored.count(2), null);
  assert.equal(restored.count(1), 20);
});

import assert from "node:assert/strict";
import { changesOf, upgraded } from "./upgrading.ts";

function rates(rest: string): [number, number] {
  const { hyperparameters } =
    Object(upgraded(`A: {trainer: sac, ${rest}}`)).behaviors.A;
  return [
    hyperparameters.steps_per_update,
    hyperparameters.reward_signal_steps_per_update,
  ];
}

Deno.test("updates per step become steps per update", () => {
  assert.deepEqual(rates("train_interval: 2"), [2, 2]);
  assert.deepEqual(rates("num_update: 4"), [0.25, 0.25]);
  assert.deepEqual(rates("train_interval: 6, num_update: 4"), [1.5, 1.5]);
  assert.deepEqual(rates("beta: 1"), [1, 1]);
  assert.deepEqual(rates("steps_per_update: 10"), [10, 10]);
});

Deno.test("rewards may have a rate of their own", () => {
  assert.deepEqual(
    rates(
      "train_interval: 2, num_update: 1, " +
        "reward_signals: {reward_signal_num_update: 4}",
    ),
    [2, 0.5],
  );
  assert.deepEqual(
    rates(
      "steps_per_update: 10, " +
        "reward_signals: {reward_signal_steps_per_update: 5}",
    ),
    [10, 5],
  );
});

Deno.test("the number of agents is for the user to know", () => {
  const lines = changesOf("A: {trainer: sac, train_interval: 2}").filter((
    line,
  ) => line.includes("steps_per_update"));
  assert.deepEqual(lines, [
    "1: A.train_interval -> behaviors.A.hyperparameters.steps_per_update " +
    "(was counted per environment: multiply by the number of its agents)",
    "1: added behaviors.A.hyperparameters.reward_signal_steps_per_update: 2 " +
    "(rewards followed steps_per_update)",
  ]);
  const later = changesOf("A: {trainer: sac, steps_per_update: 2}").join("\n");
  assert.doesNotMatch(later, /number of its agents/);
});

Deno.test("what is left over beside steps_per_update is dropped", () => {
  const lines = changesOf(
    "A: {trainer: sac, steps_per_update: 2, train_interval: 3, num_update: 4}",
  ).filter((line) => line.includes("without effect"));
  assert.deepEqual(lines, [
    "1: A.train_interval dropped: without effect beside steps_per_update",
    "1: A.num_update dropped: without effect beside steps_per_update",
  ]);
});

Deno.test("what is no number is left to the reader", () => {
  const { hyperparameters } =
    Object(upgraded("A: {trainer: sac, num_update: many}")).behaviors.A;
  assert.equal(hyperparameters.steps_per_update, "many");
});

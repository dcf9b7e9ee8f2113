import assert from "node:assert/strict";
import { changesOf, upgraded } from "./upgrading.ts";

Deno.test("pretraining has another name today", () => {
  const cloning = (rest: string) =>
    Object(upgraded(`A: {trainer: ppo, ${rest}}`)).behaviors.A
      .behavioral_cloning;
  const keys = "{demo_path: a.demo, strength: 0.5, steps: 1e4, num_epoch: 2, " +
    "batch_size: 8, samples_per_update: 9}";
  const same = {
    demo_path: "a.demo",
    steps: 10_000,
    strength: 0.5,
    samples_per_update: 9,
    num_epoch: 2,
    batch_size: 8,
  };
  assert.deepEqual(cloning(`pretraining: ${keys}`), same);
  assert.deepEqual(cloning(`behavioral_cloning: ${keys}`), same);
  assert.deepEqual(
    cloning(`behavioral_cloning: ${keys}, pretraining: {strength: 7}`),
    same,
  );
});

Deno.test("its steps were those of the environment, 0 means always", () => {
  const line = (steps: number) =>
    changesOf(`A: {trainer: ppo, pretraining: {steps: ${steps}}}`)
      .find((each) => each.includes("pretraining.steps")) ?? "";
  assert.match(line(100), /was counted per environment/);
  assert.doesNotMatch(line(0), /counted/);
});

Deno.test("offline_bc becomes PPO that does nothing but imitate", () => {
  const text = `
A:
  trainer: offline_bc
  batch_size: 64
  summary_freq: 1000
  max_steps: 5.0e4
  batches_per_epoch: 10
  use_recurrent: false
  hidden_units: 128
  learning_rate: 3.0e-4
  num_layers: 2
  sequence_length: 32
  memory_size: 256
  demo_path: d/Hallway.demo
`;
  assert.deepEqual(Object(upgraded(text)).behaviors.A, {
    trainer_type: "ppo",
    hyperparameters: {
      batch_size: 64,
      learning_rate: 3e-4,
      beta: 0,
      beta_schedule: "constant",
    },
    reward_signals: { extrinsic: { strength: 0 } },
    behavioral_cloning: {
      demo_path: "d/Hallway.demo",
      steps: 0,
      strength: 1,
    },
    network_settings: { hidden_units: 128, num_layers: 2 },
    max_steps: 50_000,
    summary_freq: 1000,
  });
  assert.deepEqual(
    changesOf(text).filter((line) => line.includes("could not")),
    [
      "7: A.batches_per_epoch could not be carried over: an update passes " +
      "through all demonstrations; behavioral_cloning.samples_per_update " +
      "limits it",
    ],
  );
});

import assert from "node:assert/strict";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { block, refusal, warningsOf } from "./messages.ts";

const read = (text: string) => readSettings(text, "run.yaml").settings;

Deno.test("a behavior lies over default_settings key by key", () => {
  const { behaviors, default_settings } = read(block`
    default_settings:
      hyperparameters: {batch_size: 16, buffer_size: 160}
      network_settings: {hidden_units: 256, num_layers: 4}
      max_steps: 5e6
    behaviors:
      A:
        hyperparameters: {batch_size: 8}
        network_settings: {num_layers: 1}
  `);
  const { hyperparameters, network_settings, max_steps } = behaviors.A;
  assert.equal(hyperparameters.batch_size, 8);
  assert.equal(hyperparameters.buffer_size, 160);
  assert.equal(network_settings.hidden_units, 256);
  assert.equal(network_settings.num_layers, 1);
  assert.equal(max_steps, 5_000_000);
  assert.equal(default_settings?.hyperparameters.batch_size, 16);
});

Deno.test("null takes a section of the defaults away", () => {
  const { behaviors } = read(
    "default_settings: {network_settings: {memory: {sequence_length: 8}}}\n" +
      "behaviors: {A: {network_settings: {memory: ~}}, B: {}, " +
      "C: {network_settings: {memory: {}}}}",
  );
  assert.equal(behaviors.A.network_settings.memory, null);
  assert.equal(behaviors.B.network_settings.memory?.sequence_length, 8);
  assert.equal(behaviors.C.network_settings.memory?.sequence_length, 8);
});

Deno.test("derived values come from the merged result", () => {
  const { A } = read(block`
    default_settings:
      self_play: {save_steps: 10}
      hyperparameters: {learning_rate_schedule: constant}
      max_steps: 900
      keep_checkpoints: 3
    behaviors:
      A:
        self_play: {save_steps: 20}
        hyperparameters: {learning_rate_schedule: linear}
        even_checkpoints: true
  `).behaviors;
  assert.equal(A.self_play?.team_change, 100);
  assert.equal(A.checkpoint_interval, 300);
  assert.equal(
    A.trainer_type === "ppo" && A.hyperparameters.beta_schedule,
    "linear",
  );
});

Deno.test("reward signals unite, the implicit extrinsic included", () => {
  const signals = (defaults: string) =>
    Object.keys(
      read(
        `default_settings: {${defaults}}\n` +
          "behaviors: {A: {reward_signals: {rnd: {}}}}",
      ).behaviors.A.reward_signals,
    );
  assert.deepEqual(signals(""), ["extrinsic", "rnd"]);
  assert.deepEqual(signals("reward_signals: {curiosity: {}}"), [
    "curiosity",
    "rnd",
  ]);
});

Deno.test("a behavior with another trainer has hyperparameters of its own", () => {
  const text =
    "default_settings: {hyperparameters: {beta: 1, batch_size: 7}, " +
    "max_steps: 60000}\n" +
    "behaviors: {A: {trainer_type: sac}, B: {trainer_type: ppo}}";
  const { A, B } = read(text).behaviors;
  assert.equal(A.hyperparameters.batch_size, 128);
  assert.equal(A.max_steps, 60_000);
  assert.equal(B.hyperparameters.batch_size, 7);
  assert.ok(
    warningsOf(text).includes(
      "behaviors.A.trainer_type: the hyperparameters of default_settings are " +
        "not taken over, they are for ppo",
    ),
  );
});

Deno.test("the trainer is inherited with its hyperparameters", () => {
  const { A } = read(
    "default_settings: {trainer_type: sac}\n" +
      "behaviors: {A: {hyperparameters: {tau: 0.5}}}",
  ).behaviors;
  assert.equal(A.trainer_type === "sac" && A.hyperparameters.tau, 0.5);
});

Deno.test("a mistake in default_settings is reported once, and there", () => {
  const message = refusal(
    "default_settings: {hyperparameters: {lambd: 3}}\nbehaviors: {A: {}, B: {}}",
  );
  assert.equal(message.match(/lambd: out of range/g)?.length, 1);
  assert.match(
    message,
    /^run\.yaml:1:45: default_settings\.hyperparameters\.lambd/,
  );
});

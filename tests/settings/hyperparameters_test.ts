import assert from "node:assert/strict";
import {
  ownHyperparameters,
  pocaHyperparameters,
  ppoHyperparameters,
  sacHyperparameters,
} from "../../lib/settings/hyperparameters.ts";

const ours = {
  clip_value_loss: false,
  joint_ratio: false,
  max_gradient_norm: null,
  target_kl: null,
};
const oursOfSac = { twin_minimum: false, random_action_steps: 0 };

Deno.test("PPO's defaults, in the reference's key order", () => {
  assert.deepEqual(Object.entries(ppoHyperparameters.parse({})), [
    ["batch_size", 1024],
    ["buffer_size", 10240],
    ["learning_rate", 3e-4],
    ["beta", 5e-3],
    ["epsilon", 0.2],
    ["lambd", 0.95],
    ["num_epoch", 3],
    ["shared_critic", false],
    ...Object.entries(ours),
    ["learning_rate_schedule", "linear"],
    ["beta_schedule", "linear"],
    ["epsilon_schedule", "linear"],
  ]);
  assert.deepEqual(ownHyperparameters, { ...ours, ...oursOfSac });
});

Deno.test("limits of an update are above 0 or null", () => {
  for (const key of ["max_gradient_norm", "target_kl"]) {
    for (const [value, isAllowed] of [[0.5, true], [null, true], [0, false]]) {
      const { success } = ppoHyperparameters.safeParse({ [`${key}`]: value });
      assert.equal(success, isAllowed, `${key}: ${value}`);
    }
  }
});

Deno.test("POCA is PPO without the shared critic and our own keys", () => {
  const { shared_critic: _, ...ppo } = ppoHyperparameters.parse({});
  assert.deepEqual({ ...pocaHyperparameters.parse({}), ...ours }, ppo);
  assert.equal(
    pocaHyperparameters.safeParse({ shared_critic: true }).success,
    false,
  );
});

Deno.test("SAC's defaults, in the reference's key order", () => {
  assert.deepEqual(Object.entries(sacHyperparameters.parse({})), [
    ["learning_rate", 3e-4],
    ["learning_rate_schedule", "constant"],
    ["batch_size", 128],
    ["buffer_size", 50000],
    ["buffer_init_steps", 0],
    ["tau", 0.005],
    ["steps_per_update", 1],
    ["save_replay_buffer", false],
    ["init_entcoef", 1],
    ...Object.entries(oursOfSac),
    ["reward_signal_steps_per_update", 1],
  ]);
});

Deno.test("unwritten schedules follow the learning rate's", () => {
  const constant = { learning_rate_schedule: "constant" } as const;
  for (const schema of [ppoHyperparameters, pocaHyperparameters]) {
    const followed = schema.parse(constant);
    assert.equal(followed.beta_schedule, "constant");
    assert.equal(followed.epsilon_schedule, "constant");
    const own = schema.parse({ ...constant, beta_schedule: "linear" });
    assert.equal(own.beta_schedule, "linear");
    assert.equal(own.epsilon_schedule, "constant");
  }
});

Deno.test("reward networks update as often as SAC's policy", () => {
  const steps = (given: object) =>
    sacHyperparameters.parse(given).reward_signal_steps_per_update;
  assert.equal(steps({ steps_per_update: 10 }), 10);
  const both = { steps_per_update: 10, reward_signal_steps_per_update: 4 };
  assert.equal(steps(both), 4);
});

Deno.test("what is out of range", () => {
  const refused = (schema: typeof ppoHyperparameters, given: object) =>
    assert.equal(schema.safeParse(given).success, false, JSON.stringify(given));
  refused(ppoHyperparameters, { batch_size: 0 });
  refused(ppoHyperparameters, { learning_rate: 0 });
  refused(ppoHyperparameters, { beta: -1e-9 });
  refused(ppoHyperparameters, { epsilon: 0 });
  refused(ppoHyperparameters, { lambd: 1.01 });
  refused(ppoHyperparameters, { num_epoch: 0 });
  refused(ppoHyperparameters, { tau: 0.1 });
  for (const given of [{ tau: 0 }, { tau: 1.1 }, { steps_per_update: 0 }]) {
    assert.equal(sacHyperparameters.safeParse(given).success, false);
  }
});

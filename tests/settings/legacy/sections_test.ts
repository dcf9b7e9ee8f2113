import assert from "node:assert/strict";
import { changesOf, refusal, upgrade, upgraded } from "./upgrading.ts";
import { resolveSettings } from "../../../lib/settings/resolve_settings.ts";

Deno.test("default becomes default_settings, sections what differs", () => {
  assert.deepEqual(
    upgraded(`
default: {trainer: ppo, batch_size: 64, beta: 0.1, gamma: 0.9}
Cat: {batch_size: 32}
Dog: {beta: 0.1}
`),
    {
      default_settings: {
        trainer_type: "ppo",
        hyperparameters: {
          batch_size: 64,
          beta: 0.1,
          beta_schedule: "linear",
          epsilon_schedule: "linear",
        },
        reward_signals: { extrinsic: { gamma: 0.9, strength: 1 } },
      },
      behaviors: {
        Cat: { hyperparameters: { batch_size: 32 } },
        // Its own, although the same.
        Dog: { hyperparameters: { beta: 0.1 } },
      },
    },
  );
});

Deno.test("memory that default has can be switched off", () => {
  const { behaviors } = Object(upgraded(`
default: {trainer: ppo, use_recurrent: true, memory_size: 8}
Cat: {use_recurrent: false}
`));
  assert.deepEqual(behaviors.Cat, { network_settings: { memory: null } });
});

Deno.test("what every section has is not in default any more", () => {
  const lines = changesOf(`
default: {trainer: ppo, beta: 0.1, gamma: 0.9}
Cat: {trainer: sac}
`).filter((line) => line.includes("default.beta"));
  assert.deepEqual(lines, ["2: default.beta dropped: SAC does not have it"]);
  const own = changesOf(`
default: {trainer: ppo, beta: 0.1, reward_signals: {extrinsic: {gamma: 0.9}}}
Cat: {beta: 0.2, reward_signals: {gail: {demo_path: a}}}
`).filter((line) => line.includes("default.beta"));
  assert.deepEqual(own, [
    "2: default.beta dropped: every behavior has its own",
  ]);
});

Deno.test("a section's signals replace those of default", () => {
  const text = `
default:
  trainer: ppo
  beta: 0.1
  reward_signals: {extrinsic: {gamma: 0.9, strength: 1.0}}
Cat:
  reward_signals: {gail: {gamma: 0.8, strength: 0.1, demo_path: a}}
Dog: {batch_size: 32}
`;
  const today = Object(upgraded(text));
  assert.ok(!("default_settings" in today));
  const { Cat, Dog } = today.behaviors;
  assert.deepEqual(Object.keys(Cat.reward_signals), ["gail"]);
  assert.equal(Cat.hyperparameters.beta, 0.1);
  assert.deepEqual(Object.keys(Dog.reward_signals), ["extrinsic"]);
  const lines = changesOf(text);
  assert.match(
    lines[0],
    /^2: default: brains without a section took it.*not fit beneath Cat:/,
  );
  assert.ok(
    lines.includes(
      "4: default.beta -> behaviors.Cat.hyperparameters.beta and 1 more like it",
    ),
  );
});

Deno.test("another trainer than that of default", () => {
  const today = Object(upgraded(`
default: {trainer: ppo, batch_size: 8, beta: 0.1, gamma: 0.9}
Cat: {trainer: sac, tau: 0.1}
`));
  assert.ok(!("default_settings" in today));
  assert.deepEqual(today.behaviors.Cat.hyperparameters, {
    batch_size: 8,
    tau: 0.1,
    steps_per_update: 1,
    reward_signal_steps_per_update: 1,
  });
});

Deno.test("rates that follow others are written with them", () => {
  const { default_settings, behaviors } = Object(upgraded(`
default: {trainer: sac, steps_per_update: 10}
Cat: {steps_per_update: 20}
`));
  const { reward_signal_steps_per_update: rate } =
    default_settings.hyperparameters;
  assert.equal(rate, 10);
  assert.deepEqual(behaviors.Cat.hyperparameters, {
    steps_per_update: 20,
    reward_signal_steps_per_update: 20,
  });
});

Deno.test("students of a living teacher are left out", () => {
  const text = `
default: {trainer: ppo, beta: 0.1}
Student: {trainer: imitation, brain_to_imitate: Teacher}
Cat: {beta: 0.2}
`;
  const { default_settings, behaviors } = Object(upgraded(text));
  assert.ok(default_settings);
  assert.deepEqual(Object.keys(behaviors), ["Cat"]);
  const lost = changesOf(text).filter((line) => line.includes("could not"));
  assert.equal(lost.length, 1);
  assert.match(
    lost[0],
    /^3: Student could not .*trainer \(imitation\) watched/,
  );
  assert.match(
    refusal("default: {trainer: online_bc}\nCat: {beta: 1}"),
    /^old\.yaml: nothing in it has a like today\nold\.yaml:1:1: default: its/,
  );
});

Deno.test("mistakes are found where they were made", () => {
  const wrong = upgrade(`
default:
  trainer: ppo
  batch_size: 64.5
  num_layers: 0
Cat: {epsilon: -1}
`);
  assert.throws(
    () => resolveSettings(wrong.value, {}, wrong),
    (error) => {
      const lines = String(error).split("\n").filter((line) =>
        line.includes("old.yaml")
      );
      assert.match(lines[0], /old\.yaml:4:15: .*batch_size: not a whole/);
      assert.match(lines[1], /old\.yaml:5:15: .*num_layers: out of range/);
      assert.match(lines[2], /old\.yaml:6:16: behaviors\.Cat\..*epsilon/);
      assert.equal(lines.length, 3);
      return true;
    },
  );
});

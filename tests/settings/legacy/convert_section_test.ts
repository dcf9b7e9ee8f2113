import assert from "node:assert/strict";
import { readSettings } from "../../../lib/settings/read_settings.ts";
import { changesOf, upgraded } from "./upgrading.ts";

/** The only behavior that a section becomes, of the era that `more` shows. */
function behavior(section: string): unknown {
  return Object(upgraded(`A: ${section}`)).behaviors.A;
}

/** What is said about a section, without what is missing in it. */
function said(section: string): string[] {
  return changesOf(`A: ${section}`).filter((line) =>
    !line.includes("mandatory")
  );
}

Deno.test("a PPO section, every key", () => {
  assert.deepEqual(
    behavior(
      `
  trainer: ppo
  batch_size: 64
  beta: 5.0e-3
  buffer_size: 640
  epsilon: 0.2
  hidden_units: 32
  lambd: 0.95
  learning_rate: 3.0e-4
  learning_rate_schedule: constant
  max_steps: 1e5
  normalize: true
  num_epoch: 3
  num_layers: 2
  vis_encode_type: resnet
  time_horizon: 64
  summary_freq: 1000
  sequence_length: 16
  memory_size: 128
  use_recurrent: true
  init_path: a.pt
  keep_checkpoints: 3
  threaded: false
  reward_signals: {extrinsic: {strength: 1.0, gamma: 0.99}}`,
    ),
    {
      trainer_type: "ppo",
      hyperparameters: {
        batch_size: 64,
        buffer_size: 640,
        learning_rate: 3e-4,
        beta: 5e-3,
        epsilon: 0.2,
        lambd: 0.95,
        num_epoch: 3,
        learning_rate_schedule: "constant",
        beta_schedule: "linear",
        epsilon_schedule: "linear",
      },
      network_settings: {
        normalize: true,
        hidden_units: 32,
        num_layers: 2,
        vis_encode_type: "resnet",
        memory: { sequence_length: 16, memory_size: 128 },
      },
      reward_signals: { extrinsic: { gamma: 0.99, strength: 1 } },
      init_path: "a.pt",
      keep_checkpoints: 3,
      max_steps: 100_000,
      time_horizon: 64,
      summary_freq: 1000,
      threaded: false,
    },
  );
});

Deno.test("a SAC section, its own keys, and none of PPO", () => {
  const section = `{trainer: sac, buffer_init_steps: 10, tau: 0.01, ` +
    "init_entcoef: 0.5, save_replay_buffer: true, steps_per_update: 2, " +
    "threaded: true, beta: 1, reward_signals: {extrinsic: {gamma: 0.9}}}";
  assert.deepEqual(behavior(section), {
    trainer_type: "sac",
    hyperparameters: {
      buffer_init_steps: 10,
      tau: 0.01,
      save_replay_buffer: true,
      init_entcoef: 0.5,
      steps_per_update: 2,
      reward_signal_steps_per_update: 2,
    },
    reward_signals: { extrinsic: { gamma: 0.9 } },
    threaded: true,
  });
  assert.ok(said(section).includes("1: A.beta dropped: SAC does not have it"));
});

Deno.test("without use_recurrent there is no memory", () => {
  for (const use of ["use_recurrent: false, ", ""]) {
    const section = `{trainer: ppo, ${use}memory_size: 8, gamma: 0.9}`;
    assert.ok(!("network_settings" in Object(behavior(section))));
    assert.ok(
      said(section).includes(
        "1: A.memory_size dropped: without effect, as there is no memory",
      ),
    );
  }
  const empty = Object(behavior("{trainer: ppo, use_recurrent: true}"));
  assert.deepEqual(empty.network_settings.memory, {});
});

Deno.test("half of a memory went to the critic up to 0.14, of PPO", () => {
  const memoryLine = (rest: string) =>
    said(`{use_recurrent: true, memory_size: 8, ${rest}}`).find((line) =>
      line.includes("memory_size")
    ) ?? "";
  assert.match(memoryLine("trainer: ppo"), /write half then\)$/);
  assert.doesNotMatch(memoryLine("trainer: sac"), /half/);
  assert.doesNotMatch(memoryLine("trainer: ppo, threaded: true"), /half/);
});

Deno.test("self-play with the defaults of its years", () => {
  const { self_play } = Object(behavior(
    "{trainer: ppo, self_play: {window: 5, save_steps: 100, " +
      "play_against_current_self_ratio: 0.25, initial_elo: 1000}}",
  ));
  assert.deepEqual(self_play, {
    save_steps: 100,
    team_change: 100_000,
    swap_steps: 20_000,
    window: 5,
    play_against_latest_model_ratio: 0.25,
    initial_elo: 1000,
  });
  const written = Object(behavior(
    "{trainer: ppo, self_play: {team_change: 7, swap_steps: 8, " +
      "play_against_latest_model_ratio: 0.5, " +
      "play_against_current_self_ratio: 0.25}}",
  )).self_play;
  assert.deepEqual(written, {
    team_change: 7,
    swap_steps: 8,
    play_against_latest_model_ratio: 0.5,
  });
});

Deno.test("0.16 had a thread for each trainer", () => {
  const threaded = (rest: string) =>
    Object(behavior(`{trainer: ppo, ${rest}}`)).threaded;
  assert.equal(threaded("self_play: {team_change: 1}"), true);
  assert.equal(threaded("self_play: {window: 1}"), undefined);
  assert.equal(threaded("threaded: false"), false);
});

Deno.test("steps up to 0.13 were those of the environment", () => {
  const line = (rest: string) =>
    said(`{trainer: ppo, max_steps: 10, ${rest}}`).find((each) =>
      each.includes("max_steps")
    ) ?? "";
  assert.match(line("gamma: 0.9"), /\(was counted per environment/);
  assert.match(line("reward_signals: {}"), /\(up to 0\.13 it was counted/);
  assert.doesNotMatch(line("self_play: {}"), /counted/);
});

Deno.test("what is missing although it was mandatory is named", () => {
  assert.match(
    changesOf("A: {trainer: offline_bc, batch_size: 8}")[0],
    /^1: A: today's defaults take effect for what is missing although it was mandatory: learning_rate, hidden_units, num_layers, max_steps, summary_freq, demo_path$/,
  );
});

Deno.test("what was never read is dropped", () => {
  const lines = said(
    "{trainer: ppo, vis_encoder_type: resnet, summary_path: x, foo: 1, " +
      "burn_in_ratio: 0.1}",
  );
  assert.ok(lines.includes("1: A.vis_encoder_type dropped: it was never read"));
  assert.ok(
    lines.includes(
      "1: A.summary_path dropped: the program wrote it for itself",
    ),
  );
  for (const key of ["foo", "burn_in_ratio"]) {
    assert.ok(
      lines.includes(
        `1: A.${key} dropped: the program of that time did not read it`,
      ),
    );
  }
});

Deno.test("a section without a trainer is PPO's", () => {
  assert.equal(Object(behavior("{batch_size: 8}")).trainer_type, "ppo");
});

Deno.test("what is of another kind is left to the reader", () => {
  const odd = "{toString: 1, valueOf: 1}";
  assert.equal(
    Object(behavior(`{trainer: ppo, beta: ${odd}}`)).trainer_type,
    "ppo",
  );
  for (
    const section of [
      `{trainer: ${odd}}`,
      `{trainer: ppo, use_recurrent: ${odd}, memory_size: ${odd}}`,
      `{trainer: ppo, pretraining: {steps: ${odd}}}`,
      `{trainer: ppo, reward_signals: ${odd}, self_play: [${odd}]}`,
      `{trainer: sac, num_update: ${odd}, train_interval: [${odd}]}`,
    ]
  ) {
    assert.throws(() => readSettings(`A: ${section}`, "old.yaml"), {
      name: "UserError",
    });
  }
});

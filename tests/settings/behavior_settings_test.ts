import assert from "node:assert/strict";
import { attentionHeads } from "../../lib/nn/self_attention.ts";
import {
  type BehaviorConfiguration,
  behaviorSettings,
  groupAttentionHeads,
} from "../../lib/settings/behavior_settings.ts";
import { refusal } from "./messages.ts";

const behavior = (text: string) => refusal(`behaviors: {A: {${text}}}`);

Deno.test("defaults, in the reference's key order", () => {
  const { hyperparameters, network_settings, reward_signals, ...rest } =
    behaviorSettings.parse({});
  assert.equal(hyperparameters.batch_size, 1024);
  assert.equal(network_settings.hidden_units, 128);
  assert.deepEqual(Object.keys(reward_signals), ["extrinsic"]);
  assert.deepEqual(Object.entries(rest), [
    ["trainer_type", "ppo"],
    ["checkpoint_interval", 500_000],
    ["init_path", null],
    ["keep_checkpoints", 5],
    ["even_checkpoints", false],
    ["max_steps", 500_000],
    ["time_horizon", 64],
    ["summary_freq", 50_000],
    ["threaded", false],
    ["self_play", null],
    ["behavioral_cloning", null],
  ]);
  assert.deepEqual(Object.keys(behaviorSettings.parse({})).slice(0, 5), [
    "trainer_type",
    "hyperparameters",
    "checkpoint_interval",
    "network_settings",
    "reward_signals",
  ]);
});

Deno.test("the trainer decides which hyperparameters there are", () => {
  assert.match(
    behavior("trainer_type: sac, hyperparameters: {lambd: 0.9}"),
    /hyperparameters\.lambd: unknown key/,
  );
  const sac = behaviorSettings.parse({ trainer_type: "sac" });
  assert.equal(sac.hyperparameters.batch_size, 128);
  assert.equal(sac.trainer_type === "sac" && sac.hyperparameters.tau, 0.005);
});

Deno.test("an unknown trainer", () => {
  assert.match(
    behavior("trainer_type: poka"),
    /trainer_type: unknown word \(found "poka"; allowed: ppo, sac, poca\)[^]*Did you mean poca\?/,
  );
});

Deno.test("even checkpoints divide the run", () => {
  const interval = (given: object) =>
    behaviorSettings.parse({ even_checkpoints: true, ...given })
      .checkpoint_interval;
  assert.equal(interval({ max_steps: 1000, keep_checkpoints: 3 }), 333);
  assert.equal(interval({ max_steps: 2, keep_checkpoints: 5 }), 1);
  assert.match(
    behavior("even_checkpoints: true, keep_checkpoints: 0"),
    /keep_checkpoints: even_checkpoints needs a number of checkpoints \(found 0;/,
  );
});

Deno.test("sequences fit into minibatches, and minibatches into the buffer", () => {
  assert.match(
    behavior(
      "hyperparameters: {batch_size: 32}, network_settings: {memory: {}}",
    ),
    /memory\.sequence_length: a sequence of 64 steps does not fit into a minibatch \(allowed: batch_size \(32\) or less\)/,
  );
  assert.match(
    behavior("hyperparameters: {batch_size: 64, buffer_size: 32}"),
    /buffer_size: a buffer smaller than a minibatch never trains \(found 32; allowed: batch_size \(64\) or more\)/,
  );
});

Deno.test("a run of SAC reaches its first update", () => {
  assert.match(
    behavior(
      "trainer_type: sac, max_steps: 99, hyperparameters: {buffer_init_steps: 100}",
    ),
    /:\d+:\d+: .*buffer_init_steps: the run would end before its first update \(found 100; allowed: max_steps \(99\) or less\)/,
  );
  for (const steps of [0, -1]) {
    assert.match(
      behavior(
        `trainer_type: sac, hyperparameters: {steps_per_update: ${steps}}`,
      ),
      /:\d+:\d+: .*steps_per_update: .*allowed: a number of steps above 0/,
    );
  }
});

Deno.test("POCA's hidden units are divided among the heads of its attention", () => {
  assert.equal(groupAttentionHeads, attentionHeads);
  assert.match(
    behavior("trainer_type: poca, network_settings: {hidden_units: 62}"),
    /:\d+:\d+: .*hidden_units: POCA's critic cannot divide its hidden units among 4 attention heads \(found 62; allowed: a multiple of 4\)/,
  );
  for (const [trainer_type, hidden_units] of [["poca", 64], ["ppo", 62]]) {
    behaviorSettings.parse({
      trainer_type,
      network_settings: { hidden_units },
    });
  }
});

Deno.test("the compiler rejects what the schema rejects", () => {
  const sac: BehaviorConfiguration = {
    trainer_type: "sac",
    hyperparameters: { tau: 0.01 },
  };
  const mistakes: BehaviorConfiguration[] = [
    // @ts-expect-error tau belongs to SAC
    { trainer_type: "ppo", hyperparameters: { tau: 0.01 } },
    // @ts-expect-error a misspelt key
    { hyperparameters: { batchsize: 1 } },
    // @ts-expect-error gail needs demonstrations
    { reward_signals: { gail: {} } },
    // @ts-expect-error a number is no text
    { max_steps: "5e5x" },
  ];
  assert.ok(behaviorSettings.safeParse(sac).success);
  for (const mistake of mistakes) {
    assert.equal(behaviorSettings.safeParse(mistake).success, false);
  }
});

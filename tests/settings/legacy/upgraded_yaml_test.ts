import assert from "node:assert/strict";
import { readSettings } from "../../../lib/settings/read_settings.ts";
import { upgrade } from "./upgrading.ts";

Deno.test("comments go where their settings go", () => {
  const text = `# My settings
# by me

# all brains
default:   # really all
    trainer: ppo
    # how many
    batch_size: 1024  # big
    gamma: 0.99
    use_recurrent: true # yes

    # two
    # lines
    max_steps: 5e4

# about cats
Cat:
    # of signals
    hidden_units: 32  # small

# the end
`;
  assert.equal(
    upgrade(text).toYaml(),
    `# My settings
# by me

# all brains
# really all
default_settings:
  trainer_type: ppo
  hyperparameters:
    # how many
    batch_size: 1024 # big
    beta_schedule: linear
    epsilon_schedule: linear
  network_settings:
    # yes
    memory: {}
  reward_signals:
    extrinsic:
      gamma: 0.99
      strength: 1
  # two
  # lines
  max_steps: 50000
behaviors:
  # about cats
  Cat:
    network_settings:
      # of signals
      hidden_units: 32 # small

# the end
`,
  );
});

Deno.test("what stays where it is stays as it looks", () => {
  const text = `# head
behaviors:
  A: # the first
    trainer_type: ppo

    hyperparameters: {batch_size: 64, beta: 5.0e-3} # flow
    # gone with it
    output_path: default
    init_path: "quoted.pt"
    network_settings:
      memory: null
  # second
  B: {}

env_settings:
  env_args: [a, "1"] # args
`;
  assert.equal(
    upgrade(text).toYaml(),
    `# head
behaviors:
  # the first
  A:
    trainer_type: ppo

    hyperparameters: {batch_size: 64, beta: 5.0e-3} # flow
    init_path: "quoted.pt"
    network_settings:
      memory: null
    threaded: true
  # second
  B:
    threaded: true

env_settings:
  env_args: [a, "1"] # args
`,
  );
});

Deno.test("comments of files beside come with what they describe", () => {
  const sampler = `# how it varies
resampling-interval: 5 # gone
# heavy
mass: {sampler-type: uniform} # here
`;
  assert.equal(
    upgrade("behaviors: {A: {}} # all\n", { sampler }).toYaml(),
    `# all
behaviors: {A: {}}
# how it varies
environment_parameters:
  # heavy
  # here
  mass:
    sampler_type: uniform
    sampler_parameters: {}
`.replace("# all\nbehaviors: {A: {}}", "behaviors: {A: {}} # all"),
  );
});

Deno.test("numbers that every reader takes for numbers", () => {
  const text = "A: {trainer: ppo, learning_rate: 1e-4, beta: 1e-7, " +
    'epsilon: 2.0e-1, max_steps: 5e5, batch_size: "6.4e1", ' +
    "lambd: .95, num_epoch: 0x3, hidden_units: 1_28}";
  const written = upgrade(text).toYaml();
  for (
    const line of [
      "learning_rate: 0.0001",
      "beta: 1.0e-7",
      "epsilon: 2.0e-1",
      "max_steps: 500000",
      "batch_size: 64",
      "lambd: 0.95",
      "num_epoch: 3",
      "hidden_units: 128",
    ]
  ) {
    assert.ok(written.includes(` ${line}\n`), `${line} in\n${written}`);
  }
});

Deno.test("names and texts that look like something else", () => {
  const text = 'A: {trainer: ppo, init_path: "017"}\n' +
    '"on": {trainer: ppo, init_path: "1e3"}\n' +
    "017: {trainer: ppo}\n";
  const settings = readSettings(upgrade(text).toYaml(), "new.yaml").settings;
  assert.deepEqual(Object.keys(settings.behaviors).sort(), ["017", "A", "on"]);
  assert.equal(settings.behaviors.A.init_path, "017");
  assert.equal(settings.behaviors.on.init_path, "1e3");
});

Deno.test("aliases and merges are written out", () => {
  const text = "default: &d {trainer: ppo, batch_size: 8, gamma: 0.5}\n" +
    "A: {<<: *d, beta: 0.1}\nB: *d\n";
  const written = upgrade(text).toYaml();
  assert.ok(!/[&*]/.test(written), written);
  const { A, B } = readSettings(written, "new.yaml").settings.behaviors;
  assert.equal(A.hyperparameters.batch_size, 8);
  assert.equal(B.reward_signals.extrinsic?.gamma, 0.5);
});

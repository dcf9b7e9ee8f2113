/** The resolved form, field by field, against a second way to it. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { prescribedValues } from "./prescribed_values.ts";

/** Everything a configuration may say, none of it twice by default. */
const everything = `
default_settings:
  trainer_type: poca
  hyperparameters: {batch_size: 512, learning_rate_schedule: constant}
  network_settings: {memory: {sequence_length: 32}}
  max_steps: 1000000
behaviors:
  Striker:
    self_play: {save_steps: 100}
    reward_signals: {rnd: {strength: 0.5}}
    even_checkpoints: true
  Goalie:
    network_settings: {memory: null, normalize: true}
    hyperparameters: {beta_schedule: linear}
    behavioral_cloning: {demo_path: d.demo, batch_size: 7}
  Keeper:
    behavioral_cloning: {demo_path: d.demo, steps: 5}
    reward_signals: {gail: {demo_path: d.demo, encoding_size: 9}}
environment_parameters:
  size: 3
  mass: {sampler_type: gaussian, sampler_parameters: {st_dev: 2}}
  wall:
    curriculum:
      - name: low
        value: {sampler_type: multirangeuniform, sampler_parameters: {seed: 4}}
        completion_criteria: {behavior: Striker, threshold: 1}
      - {name: high, value: 2}
env_settings: {seed: 3}
debug: true
`;

const alone = `
behaviors:
  A: {}
  B: {trainer_type: sac, hyperparameters: {steps_per_update: 4}}
  C: {reward_signals: {curiosity: {network_settings: {num_layers: 1}}}}
`;

for (const [name, text] of Object.entries({ everything, alone })) {
  Deno.test(`what ${name} resolves to`, () => {
    assert.deepEqual(
      readSettings(text, name).settings,
      prescribedValues(parse(text)),
    );
  });
}

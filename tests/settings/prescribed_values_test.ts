/** The resolved form, field by field, against a second way of getting there. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { yamlFiles } from "../support/yaml_files.ts";
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
  Deno.test(`what ${name} resolves to`, () => check(text, name));
}

/** Where the files of today's layout lie, and what is older among them. */
const eras: Record<string, string[]> = {
  "release_3_py0.17.0/config/": [
    "ppo/3DBall_randomize.yaml",
    "ppo/WallJump_curriculum.yaml",
  ],
  "release_8_py0.21.0/config/": [],
  "release_12_py0.23.0/config/": [],
  "release_18_py0.27.0/config/": [],
  "release_21_py1.0.0/config/": [],
};

for (const [era, older] of Object.entries(eras)) {
  testWithSharedData(`what ${era} resolves to`, "ORIGINS.md", () => {
    const folder = new URL(
      `../../../shared/data/configs/${era}`,
      import.meta.url,
    );
    const files = yamlFiles(folder).filter((file) => !older.includes(file));
    assert.ok(files.length >= 39);
    for (const file of files) {
      check(Deno.readTextFileSync(new URL(file, folder)), file);
    }
  });
}

function check(text: string, name: string): void {
  assert.deepEqual(
    readSettings(text, name).settings,
    prescribedValues(parse(text)),
    name,
  );
}

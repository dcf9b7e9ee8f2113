/** Whatever text comes in, the reader answers with settings or a UserError. */
import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const start = `
default_settings: {network_settings: {normalize: true}}
behaviors:
  3DBall:
    trainer_type: ppo
    hyperparameters: &h {batch_size: 64, learning_rate: 3.0e-4}
    reward_signals:
      extrinsic: {gamma: 0.99}
      gail: {demo_path: d.demo, strength: 0.1}
    self_play: {save_steps: 100}
  Other: {trainer_type: poca, hyperparameters: *h}
env_settings: {env_path: "sim:3DBall", num_envs: 2, env_args: [a, 1]}
environment_parameters:
  mass: {sampler_type: uniform, sampler_parameters: {min_value: 0.5}}
  wall:
    curriculum:
      - {name: one, value: 1, completion_criteria: {behavior: Other}}
      - {name: two, value: 2}
checkpoint_settings: {run_id: x}
`;

const pieces = [
  "",
  " ",
  "\n",
  "\n  ",
  "\t",
  ":",
  ": ",
  "- ",
  "[",
  "]",
  "{",
  "}",
  "&h",
  "*h",
  "<<: *h",
  "#",
  "'",
  '"',
  "|",
  ">",
  "!",
  "?",
  "~",
  "null",
  "true",
  "-1",
  "0",
  "1e999",
  ".nan",
  ".inf",
  "__proto__",
  "constructor",
  "toString",
  "a",
  "behaviors",
  "\0",
  "\u2028",
  "é",
  "---\n",
  "...\n",
  "%YAML 1.2\n",
  ",",
];

Deno.test("mutated configurations", () => {
  const random = new RandomGenerator(1, "mutations");
  let accepted = 0;
  for (let round = 0; round < 1500; round++) {
    let text = start;
    for (let edits = 1 + random.integer(2); edits > 0; edits--) {
      const at = random.integer(text.length);
      const removed = Math.max(0, random.integer(8) - 4);
      text = text.slice(0, at) + pieces[random.integer(pieces.length)] +
        text.slice(at + removed);
    }
    try {
      const { settings } = readSettings(text, "run.yaml");
      accepted++;
      const again = readSettings(configurationYaml(settings), "run.yaml");
      assert.deepEqual(again.settings, settings, text);
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw new Error(`not answered properly:\n${text}`, { cause: error });
      }
      for (const { place } of error.problems) assert.ok(place?.file);
    }
  }
  assert.ok(accepted > 20 && accepted < 1480, `${accepted} accepted`);
});

import assert from "node:assert/strict";
import { readConfigurationFile } from "../../../lib/settings/legacy/configuration_file.ts";
import { upgradeForRun } from "../../../lib/settings/legacy/upgrade_for_run.ts";
import {
  defaultSettings,
  readSettings,
} from "../../../lib/settings/read_settings.ts";

const curriculum = readConfigurationFile(
  '{"thresholds": [1], "parameters": {"wall": [1, 2]}}',
  "A.json",
);

Deno.test("today's configurations are not upgraded", () => {
  const main = readConfigurationFile("behaviors: {A: {}}", "run.yaml");
  assert.equal(upgradeForRun({ main }), undefined);
});

Deno.test("a run with an old configuration says so in one line", () => {
  const { settings, warnings } = readSettings(
    "Cat: {trainer: ppo, gamma: 0.9, max_steps: 5e4}\n" +
      "Dog: {trainer: imitation}",
    "old.yaml",
  );
  assert.equal(settings.behaviors.Cat.max_steps, 50_000);
  assert.deepEqual(warnings[0], {
    // Dog; the steps of Cat, and what is missing in it.
    what: "a configuration of ML-Agents 0.3 to 0.5, upgraded in memory " +
      "(1 could not be carried over, 2 to check); " +
      "cli.ts upgrade old.yaml -o NEW.yaml writes it down",
    place: { file: "old.yaml" },
  });
});

Deno.test("overrides are laid over what was upgraded", () => {
  const { settings, originOf } = readSettings(
    "Cat:\n  trainer: ppo\n  max_steps: 5e4\n  batch_size: 32",
    "old.yaml",
    { everyBehavior: { max_steps: 7 } },
  );
  assert.equal(settings.behaviors.Cat.max_steps, 7);
  const path = ["behaviors", "Cat", "hyperparameters", "batch_size"];
  assert.match(JSON.stringify(originOf(path)), /"line":4/);
});

Deno.test("files beside a configuration of today are merged in", () => {
  const main = readConfigurationFile("behaviors: {A: {}}", "run.yaml");
  const upgraded = upgradeForRun({ main, curricula: [curriculum] });
  assert.equal(
    upgraded?.notice.what,
    "merged in memory with A.json; cli.ts upgrade writes it down",
  );
});

Deno.test("files beside no configuration at all", () => {
  const { settings } = defaultSettings({}, { curricula: [curriculum] });
  assert.equal(settings.default_settings?.trainer_type, "ppo");
  assert.equal(settings.environment_parameters.wall.curriculum.length, 2);
});

Deno.test("a part of a configuration cannot be trained with", () => {
  const refused = (text: string, option: RegExp) =>
    assert.throws(() => readSettings(text, "old.yaml"), option);
  refused(
    curriculum.text,
    /old\.yaml: is no trainer configuration but a part of one\n {2}Give it as --curriculum beside/,
  );
  refused(`A: ${curriculum.text}`, /--curriculum/);
  refused("resampling-interval: 3", /--sampler/);
});

import assert from "node:assert/strict";
import {
  defaultSettings,
  readSettings,
} from "../../lib/settings/read_settings.ts";
import { block, refusal, warningsOf } from "./messages.ts";

Deno.test("a typo in a nested key names the place and the nearest key", () => {
  const text = block`
    behaviors:
      3DBall:
        hyperparameters:
          batchsize: 64
  `;
  assert.equal(
    refusal(text),
    block`
      run.yaml:4:7: behaviors.3DBall.hyperparameters.batchsize: unknown key
                batchsize: 64
                ^
        Did you mean batch_size?`,
  );
});

Deno.test("a key that resembles none gets the list of known ones", () => {
  assert.match(
    refusal("engine_settings: {resolution: 3}"),
    /resolution: unknown key \(allowed: width, height, quality_level, /,
  );
});

Deno.test("a wrong kind of value says what was found and is allowed", () => {
  assert.equal(
    refusal("behaviors:\n  A:\n    max_steps: soon\n"),
    "run.yaml:3:16: behaviors.A.max_steps: wrong kind of value " +
      '(found "soon"; allowed: a whole number of steps, 1 or more)\n' +
      "        max_steps: soon\n" +
      "                   ^",
  );
});

Deno.test("a text that looks like a boolean is not one", () => {
  assert.equal(
    refusal("behaviors: {A: {network_settings: {normalize: 'false'}}}")
      .split("\n")[0],
    "run.yaml:1:47: behaviors.A.network_settings.normalize: wrong kind of " +
      'value (found "false"; allowed: true or false, without quotes)',
  );
});

Deno.test("a value out of range", () => {
  assert.equal(
    refusal("behaviors: {A: {reward_signals: {extrinsic: {gamma: 1.5}}}}")
      .split("\n")[0],
    "run.yaml:1:53: behaviors.A.reward_signals.extrinsic.gamma: out of range " +
      "(found 1.5; allowed: a number from 0 to 1)",
  );
});

Deno.test("a fraction where a count belongs", () => {
  for (const fraction of ["10.5", "'10.5'", "1.05e1"]) {
    assert.match(
      refusal(`behaviors: {A: {hyperparameters: {num_epoch: ${fraction}}}}`),
      /num_epoch: not a whole number \(found "?10\.5"?; allowed: a whole number of passes, 1 or more\)/,
    );
  }
});

Deno.test("one number, however it is written", () => {
  for (const number of ["500000", "5e5", "5.0e5", "'5e5'", '" 5.0e5 "']) {
    const { settings } = readSettings(
      `behaviors: {A: {checkpoint_interval: ${number}, reward_signals: ` +
        `{extrinsic: {strength: ${number}}}}}\n` +
        `environment_parameters: {mass: ${number}}`,
      "run.yaml",
    );
    const { checkpoint_interval, reward_signals } = settings.behaviors.A;
    assert.equal(checkpoint_interval, 500_000);
    assert.equal(reward_signals.extrinsic?.strength, 500_000);
    const [{ value }] = settings.environment_parameters.mass.curriculum;
    assert.deepEqual(value, {
      sampler_type: "constant",
      sampler_parameters: { seed: -1, value: 500_000 },
    });
  }
});

Deno.test("all findings of a file at once, as they stand in it", () => {
  const text = block`
    behaviors:
      3DBall:
        hyperparameters:
          batchsize: 64
          beta: -1
        network_settings:
          vis_encode_type: simpel
        reward_signals:
          gail: {}
    env_setings: {}
  `;
  const heads = refusal(text).split("\n").filter((line) => /^run/.test(line));
  assert.deepEqual(heads, [
    "run.yaml:4:7: behaviors.3DBall.hyperparameters.batchsize: unknown key",
    "run.yaml:5:13: behaviors.3DBall.hyperparameters.beta: out of range " +
    "(found -1; allowed: a number, 0 or more)",
    "run.yaml:7:24: behaviors.3DBall.network_settings.vis_encode_type: " +
    'unknown word (found "simpel"; allowed: simple, nature_cnn, resnet, ' +
    "match3, fully_connected)",
    "run.yaml:9:7: behaviors.3DBall.reward_signals.gail.demo_path: missing " +
    "(allowed: the path of a .demo file or a folder)",
    "run.yaml:10:1: env_setings: unknown key",
  ]);
});

Deno.test("a list instead of a configuration", () => {
  assert.match(
    refusal("- a\n- b\n"),
    /^run\.yaml:1:1: wrong kind of value \(found a list; allowed: a mapping with default_settings, behaviors, /,
  );
});

Deno.test("a section without content says how to mean the defaults", () => {
  assert.equal(
    refusal("behaviors:\n  A:\n"),
    "run.yaml:2:3: behaviors.A: empty (found nothing (null); allowed: a " +
      "mapping of trainer settings; {} takes all defaults)\n" +
      "      A:\n" +
      "      ^\n" +
      "  Write a value, or leave the key out for its default.",
  );
  assert.match(
    refusal("env_settings:\n"),
    /^run\.yaml:1:1: env_settings: empty/,
  );
});

Deno.test("optional sections may be empty", () => {
  const { settings } = readSettings(
    "default_settings: ~\nenvironment_parameters:\n" +
      "behaviors: {A: {self_play: null, behavioral_cloning: ~, " +
      "network_settings: {memory: null}}}",
    "run.yaml",
  );
  assert.equal(settings.default_settings, null);
  assert.deepEqual(settings.environment_parameters, {});
  assert.equal(settings.behaviors.A.self_play, null);
});

Deno.test("a file without settings is refused", () => {
  for (const text of ["", "\n", "# nothing yet\n", "---\n", "~"]) {
    assert.match(refusal(text), /^run\.yaml: has no settings in it\n {2}Write/);
  }
});

Deno.test("no file means PPO's defaults for any behavior", () => {
  const { settings, warnings } = defaultSettings();
  assert.equal(settings.default_settings?.trainer_type, "ppo");
  assert.deepEqual(warnings, []);
});

Deno.test("what was read cannot be changed", () => {
  const { settings } = readSettings("behaviors: {A: {}}", "run.yaml");
  const { hyperparameters } = settings.behaviors.A;
  assert.equal(Reflect.set(hyperparameters, "beta", 1), false);
  assert.ok(Object.isFrozen(settings.behaviors.A.reward_signals.extrinsic));
});

Deno.test("a duplicate key is a warning, and the last one counts", () => {
  const text = "behaviors: {A: {max_steps: 10, max_steps: 60000}}";
  assert.deepEqual(warningsOf(text), [
    "max_steps is written twice, the last one counts",
  ]);
  const { behaviors } = readSettings(text, "run.yaml").settings;
  assert.equal(behaviors.A.max_steps, 60_000);
});

import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type { SettingPath } from "../../lib/settings/plain_maps.ts";
import type { SettingsOverrides } from "../../lib/settings/setting_overrides.ts";
import { block } from "./messages.ts";

/** The origin of the value at a path, in short. */
function origins(text: string, overrides: SettingsOverrides = {}) {
  const { originOf } = readSettings(text, "run.yaml", overrides);
  return (...path: SettingPath): string => {
    const origin = originOf(path);
    switch (origin.kind) {
      case "written":
        return `line ${origin.place?.line}`;
      case "follows":
        return `as ${origin.key}`;
      default:
        return origin.kind;
    }
  };
}

Deno.test("a value is written, overridden or the default", () => {
  const of = origins(
    block`
      behaviors:
        A:
          max_steps: 5
          time_horizon: 5
      env_settings: {seed: 1, num_envs: 2, env_path: game}`,
    {
      run: { env_settings: { seed: 1 }, behaviors: { A: { max_steps: 6 } } },
      everyBehavior: { network_settings: { deterministic: true } },
      singleBehaviors: { A: { threaded: true } },
    },
  );
  assert.equal(of("behaviors", "A", "time_horizon"), "line 4");
  assert.equal(of("env_settings", "num_envs"), "line 5");
  assert.equal(of("env_settings", "seed"), "override");
  assert.equal(of("behaviors", "A", "max_steps"), "override");
  assert.equal(of("behaviors", "A", "threaded"), "override");
  assert.equal(
    of("behaviors", "A", "network_settings", "deterministic"),
    "override",
  );
  assert.equal(of("behaviors", "A", "network_settings", "memory"), "default");
  assert.equal(of("behaviors", "A", "trainer_type"), "default");
  assert.equal(of("default_settings"), "default");
  assert.equal(of("debug"), "default");
});

Deno.test("what a behavior inherits stands under default_settings", () => {
  const of = origins(
    block`
      default_settings:
        max_steps: 5
        hyperparameters: {batch_size: 64}
      behaviors:
        A: {}
        B:
          trainer_type: sac
          max_steps: 6`,
    { everyBehavior: { threaded: true } },
  );
  const batchSize = ["hyperparameters", "batch_size"];
  assert.equal(of("behaviors", "A", "max_steps"), "line 2");
  assert.equal(of("behaviors", "A", ...batchSize), "line 3");
  assert.equal(of("behaviors", "B", "max_steps"), "line 8");
  assert.equal(of("behaviors", "B", ...batchSize), "default");
  assert.equal(of("default_settings", "threaded"), "override");
});

Deno.test("values that follow others say which, unless they are written", () => {
  const of = origins(block`
    behaviors:
      A:
        even_checkpoints: true
        checkpoint_interval: 7
        hyperparameters:
          learning_rate_schedule: constant
          beta_schedule: linear
        self_play: {}
        behavioral_cloning: {demo_path: a.demo}
      B:
        trainer_type: sac`);
  const inBehavior = (behavior: string, ...path: SettingPath) =>
    of("behaviors", behavior, ...path);
  assert.equal(inBehavior("A", "checkpoint_interval"), "as even_checkpoints");
  assert.equal(inBehavior("A", "hyperparameters", "beta_schedule"), "line 7");
  assert.equal(
    inBehavior("A", "hyperparameters", "epsilon_schedule"),
    "as learning_rate_schedule",
  );
  assert.equal(inBehavior("A", "self_play", "team_change"), "as save_steps");
  assert.equal(
    inBehavior("A", "behavioral_cloning", "batch_size"),
    "as hyperparameters.batch_size",
  );
  assert.equal(inBehavior("A", "hyperparameters", "batch_size"), "default");
  assert.equal(
    inBehavior("B", "hyperparameters", "reward_signal_steps_per_update"),
    "as steps_per_update",
  );
});

Deno.test("parameters are found in whatever form they are written", () => {
  const of = origins(
    block`
      environment_parameters:
        number: 3
        sampler:
          sampler_type: uniform
          sampler_parameters: {max_value: 2}
        lessons:
          curriculum:
            - name: only
              value: 4
        given: 5`,
    { run: { environment_parameters: { given: 6 } } },
  );
  const value = (name: string, ...rest: SettingPath) =>
    of("environment_parameters", name, "curriculum", 0, "value", ...rest);
  assert.equal(value("number", "sampler_parameters", "value"), "line 2");
  assert.equal(value("sampler", "sampler_type"), "line 4");
  assert.equal(value("sampler", "sampler_parameters", "max_value"), "line 5");
  assert.equal(value("sampler", "sampler_parameters", "min_value"), "default");
  assert.equal(value("lessons", "sampler_parameters", "value"), "line 9");
  assert.equal(value("given", "sampler_parameters", "value"), "override");
  const name = ["curriculum", 0, "name"];
  assert.equal(of("environment_parameters", "lessons", ...name), "line 8");
  assert.equal(of("environment_parameters", "number", ...name), "default");
});

Deno.test("an object has no places", () => {
  const { originOf } = resolveSettings({ env_settings: { seed: 1 } });
  assert.deepEqual(originOf(["env_settings", "seed"]), { kind: "written" });
});

Deno.test("mistakes are placed in the file only if they stand there", () => {
  const text = block`
    behaviors:
      A:
        reward_signals:
          gail: {strength: 1}
        max_steps: 0`;
  const places = (overrides: SettingsOverrides) => {
    try {
      readSettings(text, "run.yaml", overrides);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return error.problems.map(({ path, place }) =>
        `${path?.split(".").at(-1)} ${place?.line}`
      );
    }
    return [];
  };
  assert.deepEqual(places({}), ["demo_path 4", "max_steps 5"]);
  assert.deepEqual(
    places({
      run: { behaviors: { A: { max_steps: -1 } } },
      everyBehavior: { behavioral_cloning: {} },
    }),
    ["max_steps undefined", "demo_path undefined", "demo_path 4"],
  );
});

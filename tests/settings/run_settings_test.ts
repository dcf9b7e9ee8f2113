import assert from "node:assert/strict";
import { z } from "zod";
import {
  isRunConfiguration,
  type RunConfiguration,
  runSettings,
  settingSchema,
} from "../../lib/settings/run_settings.ts";

Deno.test("everything has a default, in the reference's key order", () => {
  const resolved = runSettings.parse({});
  assert.deepEqual(Object.keys(resolved), [
    "default_settings",
    "behaviors",
    "env_settings",
    "engine_settings",
    "environment_parameters",
    "checkpoint_settings",
    "torch_settings",
    "debug",
  ]);
  assert.deepEqual(resolved.behaviors, {});
  assert.deepEqual(resolved.torch_settings, { device: null });
});

Deno.test("one key of a section on its own", () => {
  const seed = settingSchema(["env_settings", "seed"]);
  assert.equal(z.parse(seed, "1e3"), 1000);
  assert.equal(z.safeParse(seed, 1.5).success, false);
  assert.throws(() => settingSchema(["env_settings", "sead"]), RangeError);
});

Deno.test("the compiler knows the configuration's keys", () => {
  const configuration: RunConfiguration = {
    behaviors: { A: { max_steps: 10 } },
    env_settings: { env_path: "sim:3DBall", seed: 1 },
    environment_parameters: {
      mass: 2,
      wind: { sampler_type: "uniform", sampler_parameters: { max_value: 3 } },
    },
    // @ts-expect-error a misspelt key
    engine_setings: {},
  };
  assert.equal(runSettings.safeParse(configuration).success, false);
});

Deno.test("what is a configuration can be told", () => {
  assert.ok(isRunConfiguration({ env_settings: { seed: 1 } }));
  assert.ok(!isRunConfiguration({ env_settings: { seed: "one" } }));
  assert.ok(!isRunConfiguration([]));
});

import assert from "node:assert/strict";
import {
  engineSettings,
  environmentSettings,
} from "../../lib/settings/environment_settings.ts";
import { refusal } from "./messages.ts";

Deno.test("defaults, in the reference's key order, then our own", () => {
  assert.deepEqual(Object.entries(environmentSettings.parse({})), [
    ["env_path", null],
    ["env_args", null],
    ["base_port", 5005],
    ["num_envs", 1],
    ["num_areas", 1],
    ["timeout_wait", 60],
    ["seed", -1],
    ["max_lifetime_restarts", 10],
    ["restarts_rate_limit_n", 1],
    ["restarts_rate_limit_period_s", 60],
    ["lockstep", false],
  ]);
  assert.deepEqual(Object.entries(engineSettings.parse({})), [
    ["width", 84],
    ["height", 84],
    ["quality_level", 5],
    ["time_scale", 20],
    ["target_frame_rate", -1],
    ["capture_frame_rate", 60],
    ["no_graphics", false],
    ["no_graphics_monitor", false],
  ]);
});

Deno.test("the Editor is one environment", () => {
  assert.match(
    refusal("env_settings: {num_envs: 2}"),
    /num_envs: the Unity Editor is one environment only \(found 2; allowed: 1, or more with an env_path/,
  );
  const several = { num_envs: 2, env_path: "sim:3DBall" };
  assert.equal(environmentSettings.parse(several).num_envs, 2);
});

Deno.test("every environment has a port", () => {
  assert.match(
    refusal("env_settings: {env_path: x, num_envs: 3, base_port: 65534}"),
    /base_port: the last environment's port would lie .* allowed: 65533 or less/,
  );
});

Deno.test("arguments are a list of texts", () => {
  const { env_args } = environmentSettings.parse({ env_args: ["--level", 3] });
  assert.deepEqual(env_args, ["--level", "3"]);
  assert.match(
    refusal("env_settings: {env_args: --level 3}"),
    /env_args: wrong kind of value \(found "--level 3"; allowed: a list of texts/,
  );
});

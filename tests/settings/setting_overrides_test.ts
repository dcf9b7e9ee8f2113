import assert from "node:assert/strict";
import {
  layOverrides,
  overlayConfiguration,
} from "../../lib/settings/setting_overrides.ts";

Deno.test("mappings join key by key, the rest replaces", () => {
  assert.deepEqual(
    overlayConfiguration(
      { env_settings: { seed: 1, env_args: ["a", "b"] }, debug: true },
      { env_settings: { num_envs: 2, env_args: ["c"] } },
    ),
    {
      env_settings: { seed: 1, num_envs: 2, env_args: ["c"] },
      debug: true,
    },
  );
});

Deno.test("an environment parameter is replaced as a whole", () => {
  const over = { b: { curriculum: [] }, c: 3 };
  assert.deepEqual(
    overlayConfiguration(
      { environment_parameters: { a: 1, b: { sampler_type: "uniform" } } },
      { environment_parameters: over },
    ),
    { environment_parameters: { a: 1, ...over } },
  );
  assert.deepEqual(
    overlayConfiguration({ environment_parameters: null }, {
      environment_parameters: over,
    }),
    { environment_parameters: over },
  );
});

Deno.test("hyperparameters stay only with their trainer", () => {
  const under = {
    default_settings: { hyperparameters: { beta: 1 } },
    behaviors: {
      A: { trainer_type: "sac", max_steps: 5, hyperparameters: { tau: 1 } },
      B: { hyperparameters: { beta: 2 } },
    },
  };
  const to = (trainer_type: string) => ({
    default_settings: { trainer_type },
    behaviors: { A: { trainer_type }, B: { trainer_type } },
  });
  assert.deepEqual(overlayConfiguration(under, to("ppo")), {
    default_settings: {
      trainer_type: "ppo",
      hyperparameters: { beta: 1 },
    },
    behaviors: {
      A: { trainer_type: "ppo", max_steps: 5 },
      B: { trainer_type: "ppo", hyperparameters: { beta: 2 } },
    },
  });
  assert.deepEqual(overlayConfiguration(under, to("sac")), {
    default_settings: { trainer_type: "sac" },
    behaviors: {
      A: { trainer_type: "sac", max_steps: 5, hyperparameters: { tau: 1 } },
      B: { trainer_type: "sac" },
    },
  });
});

Deno.test("every behavior gets what is for all, also default_settings", () => {
  const everyBehavior = { network_settings: { deterministic: true } };
  const written = {
    default_settings: { max_steps: 1 },
    behaviors: { A: { network_settings: { num_layers: 3 } } },
  };
  assert.deepEqual(layOverrides(written, { everyBehavior }), {
    default_settings: { max_steps: 1, ...everyBehavior },
    behaviors: {
      A: { network_settings: { num_layers: 3, deterministic: true } },
    },
  });
});

Deno.test("a single behavior gets its own, and is made if need be", () => {
  const overrides = {
    everyBehavior: { self_play: { window: 1, save_steps: 2 } },
    singleBehaviors: { A: { self_play: { window: 3 } }, C: { threaded: true } },
  };
  assert.deepEqual(layOverrides({ behaviors: { B: {}, A: {} } }, overrides), {
    behaviors: {
      B: { self_play: { window: 1, save_steps: 2 } },
      A: { self_play: { window: 3, save_steps: 2 } },
      C: { self_play: { window: 1, save_steps: 2 }, threaded: true },
    },
  });
});

Deno.test("what is no configuration stays a mistake", () => {
  const everyBehavior = { reward_signals: { rnd: {} } };
  const overrides = { run: { debug: true }, everyBehavior };
  assert.deepEqual(layOverrides([1], overrides), [1]);
  assert.deepEqual(layOverrides(null, overrides), { debug: true });
  assert.deepEqual(layOverrides({ behaviors: { A: 3 } }, overrides), {
    behaviors: { A: 3 },
    debug: true,
  });
});

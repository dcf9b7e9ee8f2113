import assert from "node:assert/strict";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { ownHyperparameters } from "../../lib/settings/hyperparameters.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";

const { settings } = resolveSettings({
  default_settings: { network_settings: { memory: {} } },
  behaviors: {
    "yes": { self_play: {} },
    "5e5": { trainer_type: "sac", init_path: "on" },
    "a, b": { behavioral_cloning: { demo_path: "~" } },
  },
  env_settings: { env_path: "sim:3DBall", env_args: ["1", "no"] },
  environment_parameters: { mass: 1e-7 },
  checkpoint_settings: { results_dir: "a #b" },
}, { run: { checkpoint_settings: { run_id: "017" } } });

Deno.test("reading it back gives the same settings", () => {
  const text = configurationYaml(settings);
  assert.deepEqual(readSettings(text, "configuration.yaml").settings, settings);
});

Deno.test("a key that ML-Agents refuses is there where it is set only", () => {
  assert.doesNotMatch(configurationYaml(settings), /lockstep/);
  const text = configurationYaml({ env_settings: { lockstep: true } });
  assert.equal(text, "env_settings:\n  lockstep: true\n");
  assert.equal(
    readSettings(text, "a.yaml").settings.env_settings.lockstep,
    true,
  );
  const ours = new RegExp(
    ["lockstep", ...Object.keys(ownHyperparameters)].join("|"),
    "g",
  );
  assert.doesNotMatch(configurationYaml(settings), ours);
  const hyperparameters = {
    clip_value_loss: true,
    joint_ratio: true,
    max_gradient_norm: 0.5,
    target_kl: 0.02,
  };
  const ofSac = { twin_minimum: true, random_action_steps: 100 };
  const some = configurationYaml({
    behaviors: {
      lockstep: { hyperparameters },
      other: { trainer_type: "sac", hyperparameters: ofSac },
    },
  });
  assert.deepEqual(some.match(ours), [
    "lockstep",
    ...Object.keys({ ...hyperparameters, ...ofSac }),
  ]);
});

Deno.test("blocks in the reference's order, nulls kept, nothing shared", () => {
  const lines = configurationYaml(settings).split("\n");
  assert.deepEqual(lines.filter((line) => /^\w/.test(line)), [
    "default_settings:",
    "behaviors:",
    "env_settings:",
    "engine_settings:",
    "environment_parameters:",
    "checkpoint_settings:",
    "torch_settings:",
    "debug: false",
  ]);
  assert.ok(lines.includes("  init_path: null"));
  assert.ok(lines.includes('  "5e5":'));
  assert.ok(!lines.some((line) => /[&*]a\d/.test(line)));
});

import assert from "node:assert/strict";
import {
  type BehaviorConfiguration,
  trainerTypes,
} from "../../lib/settings/behavior_settings.ts";
import { findBehaviorSettings } from "../../lib/settings/behavior_lookup.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import {
  unsupportedFeatures,
  unsupportedRunFeatures,
} from "../../lib/settings/unsupported_features.ts";

function refused(behavior: BehaviorConfiguration): (string | undefined)[] {
  const { settings } = resolveSettings({ behaviors: { A: behavior } });
  return unsupportedFeatures("A", findBehaviorSettings(settings, "A"))
    .map(({ path }) => path);
}

Deno.test("plain PPO is supported", () => {
  assert.deepEqual(refused({ threaded: true }), []);
  assert.deepEqual(refused({ network_settings: { memory: {} } }), []);
  const shared = { hyperparameters: { shared_critic: true } };
  assert.deepEqual(refused(shared), []);
});

Deno.test("every trainer is supported", () => {
  for (const trainer_type of trainerTypes) {
    assert.deepEqual(refused({ trainer_type }), []);
  }
});

Deno.test("everything else of a behavior is refused by its key", () => {
  assert.deepEqual(
    refused({
      reward_signals: { extrinsic: {}, rnd: {}, gail: { demo_path: "d" } },
      self_play: {},
      behavioral_cloning: { demo_path: "d" },
    }),
    [
      "behaviors.A.reward_signals.gail",
      "behaviors.A.reward_signals.rnd",
      "behaviors.A.self_play",
      "behaviors.A.behavioral_cloning",
    ],
  );
});

Deno.test("samplers are supported, several lessons are not", () => {
  const { settings } = resolveSettings({
    environment_parameters: {
      mass: { sampler_type: "uniform", sampler_parameters: {} },
      wall: {
        curriculum: [
          { name: "a", value: 1, completion_criteria: { behavior: "A" } },
          { name: "b", value: 2 },
        ],
      },
    },
  });
  assert.deepEqual(unsupportedRunFeatures(settings).map(({ path }) => path), [
    "environment_parameters.wall.curriculum",
  ]);
});

import assert from "node:assert/strict";
import { findBehaviorSettings } from "../../lib/settings/behavior_lookup.ts";
import { signalsOf } from "../../lib/train/signal_settings.ts";
import { settingsOf } from "../support/train_here.ts";

Deno.test("signals are those of the settings, in their order", () => {
  const settings = settingsOf({
    A: {
      reward_signals: { rnd: { gamma: 0.9 }, extrinsic: { strength: 2 } },
    },
  });
  assert.deepEqual(signalsOf(findBehaviorSettings(settings, "A")), [
    { name: "extrinsic", gamma: 0.99, strength: 2 },
    { name: "rnd", gamma: 0.9, strength: 1 },
  ]);
});

import assert from "node:assert/strict";
import { networkSettings } from "../../lib/settings/network_settings.ts";
import { rewardSignals } from "../../lib/settings/reward_signals.ts";
import { refusal } from "./messages.ts";

Deno.test("defaults of the four signals, in the reference's key order", () => {
  const network_settings = networkSettings.parse({});
  const common = { gamma: 0.99, strength: 1, network_settings };
  const given = {
    extrinsic: {},
    curiosity: {},
    rnd: {},
    gail: { demo_path: "d" },
  };
  const resolved = rewardSignals.parse(given);
  assert.deepEqual(resolved, {
    extrinsic: common,
    curiosity: { ...common, learning_rate: 3e-4 },
    gail: {
      ...common,
      learning_rate: 3e-4,
      use_actions: false,
      use_vail: false,
      demo_path: "d",
    },
    rnd: { ...common, learning_rate: 1e-4 },
  });
  assert.deepEqual(Object.keys(resolved.gail ?? {}), [
    "gamma",
    "strength",
    "network_settings",
    "learning_rate",
    "use_actions",
    "use_vail",
    "demo_path",
  ]);
});

Deno.test("writing the map replaces the default one", () => {
  assert.deepEqual(rewardSignals.parse({}), {});
});

Deno.test("a signal that is undefined is not there", () => {
  const signals = rewardSignals.parse({ curiosity: undefined, rnd: {} });
  assert.deepEqual(Object.keys(signals), ["rnd"]);
});

Deno.test("each signal has its own keys", () => {
  const signal = (text: string) =>
    refusal(`behaviors: {A: {reward_signals: {${text}}}}`);
  assert.match(
    signal("extrinsic: {learning_rate: 1}"),
    /extrinsic\.learning_rate: unknown key \(allowed: gamma, strength, network_settings\)/,
  );
  assert.match(signal("gail: {}"), /gail\.demo_path: missing/);
  assert.match(signal("curiousity: {}"), /Did you mean curiosity\?/);
  assert.match(signal("rnd: ~"), /rnd: empty/);
});

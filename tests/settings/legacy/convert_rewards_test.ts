import assert from "node:assert/strict";
import { changesOf, upgraded } from "./upgrading.ts";

function signals(rest: string): unknown {
  return Object(upgraded(`A: {trainer: ppo, ${rest}}`)).behaviors.A
    .reward_signals;
}

Deno.test("up to 0.8 there was one gamma", () => {
  assert.deepEqual(signals("gamma: 0.9"), {
    extrinsic: { gamma: 0.9, strength: 1 },
  });
  assert.deepEqual(signals("beta: 1"), { extrinsic: {} });
});

Deno.test("curiosity of 0.4 to 0.8", () => {
  const section =
    "gamma: 0.9, use_curiosity: true, curiosity_strength: 0.01, " +
    "curiosity_enc_size: 64";
  assert.deepEqual(signals(section), {
    extrinsic: { gamma: 0.9, strength: 1 },
    curiosity: {
      gamma: 0.9,
      strength: 0.01,
      network_settings: { hidden_units: 64 },
    },
  });
  assert.ok(
    changesOf(`A: {trainer: ppo, ${section}}`).includes(
      "1: A.curiosity_strength -> behaviors.A.reward_signals.curiosity." +
        "strength (its reward was clipped to 0..1, and is not any more)",
    ),
  );
  assert.deepEqual(
    signals("gamma: 0.9, use_curiosity: false, curiosity_strength: 0.01"),
    { extrinsic: { gamma: 0.9, strength: 1 } },
  );
  assert.deepEqual(signals("use_curiosity: true"), {
    extrinsic: {},
    curiosity: {},
  });
});

Deno.test("signals keep their keys, the width of their network moves", () => {
  assert.deepEqual(
    signals(
      "reward_signals: {extrinsic: {strength: 2.0, gamma: 0.9}, " +
        "gail: {strength: 0.1, gamma: 0.8, encoding_size: 32, " +
        "demo_path: a.demo, use_actions: true, use_vail: false, " +
        "learning_rate: 1e-3}}",
    ),
    {
      extrinsic: { gamma: 0.9, strength: 2 },
      gail: {
        gamma: 0.8,
        strength: 0.1,
        network_settings: { hidden_units: 32 },
        learning_rate: 1e-3,
        use_actions: true,
        use_vail: false,
        demo_path: "a.demo",
      },
    },
  );
});

Deno.test("without a width the network had that of its years", () => {
  assert.deepEqual(
    signals("reward_signals: {curiosity: {strength: 1}, gail: {}}"),
    {
      curiosity: { strength: 1, network_settings: { hidden_units: 128 } },
      gail: { network_settings: { hidden_units: 64 } },
    },
  );
});

Deno.test("no extrinsic reward unless it is among the signals", () => {
  assert.deepEqual(
    Object.keys(Object(signals("reward_signals: {gail: {demo_path: a}}"))),
    ["gail"],
  );
  assert.deepEqual(signals("reward_signals: {}"), {});
  assert.deepEqual(signals("reward_signals: {extrinsic: {}}"), {
    extrinsic: {},
  });
});

Deno.test("keys without effect beside signals", () => {
  const lines = changesOf(
    "A: {trainer: ppo, gamma: 0.9, use_curiosity: true, " +
      "reward_signals: {extrinsic: {encoding_size: 3}, " +
      "reward_signal_num_update: 2}}",
  ).filter((line) => line.includes("dropped"));
  const beside = "without effect beside reward_signals";
  assert.deepEqual(lines, [
    `1: A.gamma dropped: ${beside}`,
    `1: A.use_curiosity dropped: ${beside}`,
    "1: A.reward_signals.extrinsic.encoding_size dropped: the program of " +
    "that time did not read it",
    "1: A.reward_signals.reward_signal_num_update dropped: it belongs to " +
    "SAC, which is not the trainer",
  ]);
});

import assert from "node:assert/strict";
import { replaceDeprecatedKeys } from "../../lib/settings/deprecated_keys.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { refusal, warningsOf } from "./messages.ts";

Deno.test("framework is dropped with a warning", () => {
  const text = "behaviors: {A: {framework: tensorflow}}";
  assert.deepEqual(warningsOf(text), [
    "behaviors.A.framework: has no meaning any more, ignored",
  ]);
  const [{ place }] = readSettings(text, "run.yaml").warnings;
  assert.deepEqual([place?.line, place?.column], [1, 17]);
});

Deno.test("encoding_size becomes the width of the signal's network", () => {
  const text = "behaviors: {A: {reward_signals: {rnd: {encoding_size: 64}}}}";
  const { reward_signals } =
    readSettings(text, "run.yaml").settings.behaviors.A;
  assert.equal(reward_signals.rnd?.network_settings.hidden_units, 64);
  assert.deepEqual(warningsOf(text), [
    "behaviors.A.reward_signals.rnd.encoding_size: is now " +
    "network_settings.hidden_units, and taken as that",
  ]);
});

Deno.test("encoding_size yields to network_settings", () => {
  const text = "behaviors: {A: {reward_signals: {curiosity: " +
    "{encoding_size: 64, network_settings: {num_layers: 1}}}}}";
  const { reward_signals } =
    readSettings(text, "run.yaml").settings.behaviors.A;
  assert.equal(reward_signals.curiosity?.network_settings.hidden_units, 128);
  assert.match(warningsOf(text)[0], /without effect beside network_settings/);
});

Deno.test("a null encoding_size says nothing", () => {
  const text =
    "behaviors: {A: {reward_signals: {extrinsic: {}, rnd: {encoding_size: ~}}}}";
  assert.deepEqual(warningsOf(text), []);
});

Deno.test("the environment's reward never had an encoding_size", () => {
  assert.match(
    refusal(
      "behaviors: {A: {reward_signals: {extrinsic: {encoding_size: 3}}}}",
    ),
    /extrinsic\.encoding_size: unknown key/,
  );
});

Deno.test("what is no mapping stays as it is", () => {
  for (
    const odd of [null, 3, ["a"], { behaviors: [1] }, { behaviors: { A: 1 } }]
  ) {
    assert.deepEqual(replaceDeprecatedKeys(odd).configuration, odd);
  }
});

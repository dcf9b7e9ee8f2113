import assert from "node:assert/strict";
import { networkSettings } from "../../lib/settings/network_settings.ts";
import { refusal } from "./messages.ts";

Deno.test("defaults, in the reference's key order", () => {
  assert.deepEqual(Object.entries(networkSettings.parse({})), [
    ["normalize", false],
    ["hidden_units", 128],
    ["num_layers", 2],
    ["vis_encode_type", "simple"],
    ["memory", null],
    ["goal_conditioning_type", "hyper"],
    ["deterministic", false],
  ]);
});

Deno.test("an empty memory section switches memory on", () => {
  assert.deepEqual(networkSettings.parse({ memory: {} }).memory, {
    sequence_length: 64,
    memory_size: 128,
  });
});

Deno.test("memory is halved, so its size is even", () => {
  assert.match(
    refusal("behaviors: {A: {network_settings: {memory: {memory_size: 3}}}}"),
    /memory\.memory_size: cannot be halved \(found 3; allowed: an even whole number of values, 2 or more\)/,
  );
});

Deno.test("keys that the reference drops silently are errors", () => {
  for (const key of ["vis_encoder_type", "conditioning_type"]) {
    assert.match(
      refusal(`behaviors: {A: {network_settings: {${key}: simple}}}`),
      new RegExp(`network_settings\\.${key}: unknown key`),
    );
  }
});

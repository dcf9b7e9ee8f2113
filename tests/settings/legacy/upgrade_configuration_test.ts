import assert from "node:assert/strict";
import { resolveSettings } from "../../../lib/settings/resolve_settings.ts";
import { changesOf, refusal, upgrade, upgraded } from "./upgrading.ts";

const sampler = "resampling-interval: 3\nmass: {sampler-type: uniform}";
const curriculum = '{"thresholds": [1], "parameters": {"wall": [1, 2]}}';

Deno.test("every format says what it was written for", () => {
  const eras = {
    "A: {trainer: ppo, gamma: 0.9}": "ML-Agents 0.3 to 0.8",
    [curriculum]: "ML-Agents 0.2 to 0.13",
    [`A: ${curriculum}`]: "ML-Agents 0.14 to 0.16",
    [sampler]: "ML-Agents 0.9 to 0.16",
    "{behaviors: {}, curriculum: {}}": "ML-Agents 0.17",
    "behaviors: {A: {framework: x}}": "ML-Agents 0.17 or later",
  };
  for (const [text, era] of Object.entries(eras)) {
    assert.equal(upgrade(text).era, era, text);
  }
});

Deno.test("today's files stay as they are", () => {
  const text = "behaviors: {A: {max_steps: 5e5}}";
  assert.deepEqual(changesOf(text), []);
  assert.deepEqual(upgrade(text).value, {
    behaviors: { A: { max_steps: 5e5 } },
  });
});

Deno.test("files beside the configuration become a part of it", () => {
  const beside = { sampler, curricula: { "A.json": curriculum } };
  for (const text of ["A: {trainer: ppo}", "behaviors: {A: {}}"]) {
    const { environment_parameters } = Object(upgraded(text, beside));
    assert.deepEqual(Object.keys(environment_parameters), ["mass", "wall"]);
  }
  assert.match(
    upgrade("A: {trainer: ppo}", beside).era,
    /^ML-Agents 0\.9 to 0\.13$/,
  );
});

Deno.test("mistakes beside the configuration have their own places", () => {
  assert.match(
    refusal("behaviors: {A: {}}", { sampler: "a: 1" }),
    /sampler\.yaml:1:1: is no sampler file.*\n.*\n.*\n {2}Today's samplers/,
  );
  const wrong = upgrade("behaviors: {A: {}}", {
    sampler: "mass: {sampler-type: uniform, min_value: low}",
  });
  assert.throws(
    () => resolveSettings(wrong.value, {}, wrong),
    /sampler\.yaml:1:42: environment_parameters\.mass.*min_value: wrong kind/,
  );
});

Deno.test("all mistakes are named at once", () => {
  const message = refusal("D: {trainer: ppo}\nA: B\nB: A\nC: 3", {
    sampler: "a: 1",
  });
  assert.equal(
    message.split("\n").filter((line) => /:\d+:/.test(line)).length,
    3,
  );
});

import assert from "node:assert/strict";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { refusal } from "./messages.ts";

const cloning = (text: string) =>
  `behaviors: {A: {hyperparameters: {batch_size: 32}, behavioral_cloning: ${text}}}`;

Deno.test("defaults; the minibatch is the trainer's, the passes are three", () => {
  for (const nulls of ["", ", num_epoch: null, batch_size: ~"]) {
    const text = cloning(`{demo_path: d${nulls}}`);
    const { settings } = readSettings(text, "run.yaml");
    const resolved = settings.behaviors.A.behavioral_cloning ?? {};
    assert.deepEqual(Object.entries(resolved), [
      ["demo_path", "d"],
      ["steps", 0],
      ["strength", 1],
      ["samples_per_update", 0],
      ["num_epoch", 3],
      ["batch_size", 32],
    ]);
  }
});

Deno.test("own values win", () => {
  const text = cloning("{demo_path: d, num_epoch: 5, batch_size: 7}");
  const { behaviors } = readSettings(text, "run.yaml").settings;
  assert.equal(behaviors.A.behavioral_cloning?.num_epoch, 5);
  assert.equal(behaviors.A.behavioral_cloning?.batch_size, 7);
});

Deno.test("needs demonstrations", () => {
  assert.match(
    refusal(cloning("{}")),
    /behavioral_cloning\.demo_path: missing/,
  );
});

import assert from "node:assert/strict";
import { checkpointSettings } from "../../lib/settings/checkpoint_settings.ts";

Deno.test("defaults, in the reference's key order", () => {
  assert.deepEqual(Object.entries(checkpointSettings.parse({})), [
    ["run_id", "ppo"],
    ["initialize_from", null],
    ["load_model", false],
    ["resume", false],
    ["force", false],
    ["train_model", false],
    ["inference", false],
    ["results_dir", "results"],
    ["model_version", null],
  ]);
});

Deno.test("a version of models that there is, as a number or an option's text", () => {
  for (const model_version of [2, 3, "2", "3"]) {
    const settings = checkpointSettings.parse({ model_version });
    assert.equal(settings.model_version, Number(model_version));
  }
  for (const model_version of [1, 4, 2.5, "", "two", true]) {
    const { error } = checkpointSettings.safeParse({ model_version });
    assert.equal(error?.issues[0].message, "2 or 3");
  }
});

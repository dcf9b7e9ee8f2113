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
  ]);
});

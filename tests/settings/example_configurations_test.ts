/** The files in config/: without findings, and Unity's own numbers. */
import assert from "node:assert/strict";
import { loadSettings } from "../../lib/settings/load_settings.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import {
  unsupportedFeatures,
  unsupportedRunFeatures,
} from "../../lib/settings/unsupported_features.ts";
import { testWithSharedData } from "../support/shared_data.ts";

const folder = new URL("../../config/", import.meta.url);

for (const { name } of Deno.readDirSync(folder)) {
  Deno.test(`${name} can be trained as it is`, async () => {
    const { settings, warnings } = await loadSettings(new URL(name, folder));
    assert.deepEqual(warnings, []);
    assert.match(settings.env_settings.env_path ?? "", /^sim:/);
    assert.equal(`${settings.checkpoint_settings.run_id}.yaml`, name);
    assert.deepEqual(unsupportedRunFeatures(settings), []);
    for (const [behavior, each] of Object.entries(settings.behaviors)) {
      assert.deepEqual(unsupportedFeatures(behavior, each), []);
    }
  });
}

const official = "configs/release_21_py1.0.0/config/ppo";

testWithSharedData(
  "3dball.yaml is Unity's",
  `${official}/3DBall.yaml`,
  async (bytes) => {
    const { settings } = await loadSettings(new URL("3dball.yaml", folder));
    const unity =
      readSettings(new TextDecoder().decode(bytes), "unity").settings;
    assert.deepEqual(settings.behaviors, unity.behaviors);
  },
);

testWithSharedData(
  "basic.yaml is Unity's, but for a nearer end",
  `${official}/Basic.yaml`,
  async (bytes) => {
    const { settings } = await loadSettings(new URL("basic.yaml", folder));
    const unity =
      readSettings(new TextDecoder().decode(bytes), "unity").settings;
    const { max_steps } = settings.behaviors.Basic;
    assert.deepEqual(settings.behaviors.Basic, {
      ...unity.behaviors.Basic,
      max_steps,
    });
  },
);

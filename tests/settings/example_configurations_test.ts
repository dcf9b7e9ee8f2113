/** The files in config/: without findings, and Unity's own numbers. */
import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { loadSettings } from "../../lib/settings/load_settings.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import {
  unsupportedFeatures,
  unsupportedRunFeatures,
} from "../../lib/settings/unsupported_features.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { yamlFiles } from "../support/yaml_files.ts";

const folder = new URL("../../config/", import.meta.url);
const official = new URL(
  "../../../shared/data/configs/release_21_py1.0.0/config/",
  import.meta.url,
);

/** What Unity's own numbers earn a warning for. */
const warned: Record<string, string[]> = {
  "ppo/match3.yaml": [
    "default_settings.hyperparameters.buffer_size",
    "default_settings.time_horizon",
  ],
};

/** Files that say where they run, and need nothing that is not there yet. */
const readyToTrain = ["3dball.yaml", "basic.yaml", "ppo/3dball_randomize.yaml"];

for (const name of yamlFiles(folder)) {
  Deno.test(`config/${name} loads`, async () => {
    const { settings, warnings } = await loadSettings(new URL(name, folder));
    assert.deepEqual(warnings.map(({ path }) => path), warned[name] ?? []);

    const parts = [basename(name, ".yaml"), dirname(name)];
    const runId = parts.filter((part) => part !== ".").join("_");
    assert.equal(settings.checkpoint_settings.run_id, runId);

    const { env_path } = settings.env_settings;
    if (env_path !== null) assert.match(env_path, /^sim:/);
    const missing = Object.entries(settings.behaviors)
      .flatMap(([behavior, each]) => unsupportedFeatures(behavior, each))
      .concat(unsupportedRunFeatures(settings));
    if (readyToTrain.includes(name)) {
      assert.ok(env_path);
      assert.deepEqual(missing, []);
    }
  });
}

testWithSharedData(
  "each of Unity's examples has its file, with the same values",
  "configs/release_21_py1.0.0/config/ppo/3DBall.yaml",
  async () => {
    const ours = new Map(
      yamlFiles(folder).map((name) => [name.replaceAll("_", ""), name]),
    );
    for (const theirs of yamlFiles(official)) {
      const plain = theirs.toLowerCase().replaceAll("_", "");
      const name = ours.get(plain) ?? ours.get(basename(plain));
      assert.ok(name, `no file for ${theirs}`);
      ours.delete(name.replaceAll("_", ""));
      const { settings } = await loadSettings(new URL(name, folder));
      const text = await Deno.readTextFile(new URL(theirs, official));
      const unity = readSettings(text, theirs).settings;
      if (name === "basic.yaml") {
        // A first run should end soon, and at the far goal with every seed:
        // pieces of three steps leave one run in twelve at the near one.
        const { max_steps, time_horizon, ...rest } = settings.behaviors.Basic;
        assert.deepEqual([max_steps, time_horizon], [20_000, 64]);
        assert.deepEqual(
          { ...rest, max_steps: 500_000, time_horizon: 3 },
          unity.behaviors.Basic,
        );
        continue;
      }
      assert.deepEqual(settings.behaviors, unity.behaviors, name);
      assert.deepEqual(
        settings.environment_parameters,
        unity.environment_parameters,
        name,
      );
      if (unity.default_settings) {
        assert.deepEqual(settings.default_settings, unity.default_settings);
      }
    }
    assert.deepEqual([...ours.keys()], []);
  },
);

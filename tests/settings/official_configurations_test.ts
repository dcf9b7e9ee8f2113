/** Unity's own configurations, read in place: accepted, and meaning what they say. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { yamlFiles } from "../support/yaml_files.ts";
import { prescribedValues } from "./prescribed_values.ts";

const root = new URL("../../../shared/data/configs/", import.meta.url);

/**
 * Files by era: how many are accepted, and which are not, and why. Older ones
 * are in legacy/official_files_test.ts, and so are the two of 0.17 that need an
 * upgrade.
 */
const eras: Record<
  string,
  { accepted: number; refused: Record<string, RegExp>; upgraded?: string[] }
> = {
  "release_3_py0.17.0/config": {
    accepted: 49,
    refused: {},
    upgraded: ["ppo/3DBall_randomize.yaml", "ppo/WallJump_curriculum.yaml"],
  },
  "release_8_py0.21.0/config": { accepted: 60, refused: {} },
  "release_12_py0.23.0/config": { accepted: 61, refused: {} },
  "release_18_py0.27.0/config": { accepted: 39, refused: {} },
  "release_21_py1.0.0/config": { accepted: 39, refused: {} },
  "release_21_py1.0.0/ml-agents-trainer-plugin/mlagents_trainer_plugin": {
    accepted: 0,
    refused: {
      "a2c/a2c_3DBall.yaml": /trainer_type: unknown word \(found "a2c"/,
      "dqn/dqn_basic.yaml": /trainer_type: unknown word \(found "dqn"/,
    },
  },
};

for (
  const [era, { accepted, refused, upgraded = [] }] of Object.entries(eras)
) {
  testWithSharedData(`configurations of ${era}`, "ORIGINS.md", () => {
    const folder = new URL(`${era}/`, root);
    const files = yamlFiles(folder);
    const refusals: string[] = [];
    for (const file of files) {
      if (upgraded.includes(file)) continue;
      const text = Deno.readTextFileSync(new URL(file, folder));
      if (!(file in refused)) checkMeaning(text, file);
      else {
        refusals.push(file);
        assert.throws(() => readSettings(text, file), refused[file], file);
      }
    }
    assert.deepEqual(refusals, Object.keys(refused));
    assert.equal(files.length - refusals.length - upgraded.length, accepted);
  });
}

/** Each field has the prescribed value, and the result can be read back. */
function checkMeaning(text: string, path: string): void {
  const { settings } = readSettings(text, path);
  assert.deepEqual(settings, prescribedValues(parse(text)), path);
  assert.deepEqual(
    readSettings(configurationYaml(settings), path).settings,
    settings,
  );
}

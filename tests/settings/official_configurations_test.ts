/** Unity's own configurations, read in place: accepted, and meaning what they say. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { testWithSharedData } from "../support/shared_data.ts";

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
    const files = yamlFiles(new URL(`${era}/`, root));
    const refusals: string[] = [];
    for (const file of files) {
      const path = file.pathname.slice(
        new URL(`${era}/`, root).pathname.length,
      );
      if (upgraded.includes(path)) continue;
      const text = Deno.readTextFileSync(file);
      if (!(path in refused)) checkMeaning(text, path);
      else {
        refusals.push(path);
        assert.throws(() => readSettings(text, path), refused[path], path);
      }
    }
    assert.deepEqual(refusals, Object.keys(refused));
    assert.equal(files.length - refusals.length - upgraded.length, accepted);
  });
}

/** Every written value stands in the result, and the result can be read back. */
function checkMeaning(text: string, path: string): void {
  const { settings } = readSettings(text, path);
  const written = parse(text);
  for (const behavior of Object.values<Written>(written.behaviors ?? {})) {
    delete behavior.framework;
    for (
      const signal of Object.values<Written>(
        Object(behavior.reward_signals),
      )
    ) {
      if (!("encoding_size" in signal)) continue;
      signal.network_settings = { hidden_units: signal.encoding_size };
      delete signal.encoding_size;
    }
  }
  for (
    const [name, value] of Object.entries(written.environment_parameters ?? {})
  ) {
    const { curriculum } = settings.environment_parameters[name];
    const form: Written = Object(value);
    if ("curriculum" in form) continue;
    contains(
      curriculum[0].value,
      typeof value === "number"
        ? { sampler_type: "constant", sampler_parameters: { value } }
        : value,
      `${path}: ${name}`,
    );
    delete written.environment_parameters[name];
  }
  for (const lesson of lessonsOf(written)) {
    if (typeof lesson.value !== "number") continue;
    lesson.value = {
      sampler_type: "constant",
      sampler_parameters: { value: lesson.value },
    };
  }
  contains(settings, written, path);
  assert.deepEqual(
    readSettings(configurationYaml(settings), path).settings,
    settings,
  );
}

type Written = Record<string, unknown>;

function lessonsOf(written: { environment_parameters?: Written }): Written[] {
  return Object.values(written.environment_parameters ?? {})
    .flatMap((parameter) => Object(parameter).curriculum ?? []);
}

/** Asserts that all leaves of `part` stand in `whole`. */
function contains(whole: unknown, part: unknown, path: string): void {
  if (typeof part !== "object" || part === null) {
    assert.strictEqual(whole, part, path);
    return;
  }
  for (const [key, value] of Object.entries(part)) {
    contains(Object(whole)[key], value, `${path}.${key}`);
  }
}

function yamlFiles(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    if (entry.isDirectory) return yamlFiles(new URL(`${entry.name}/`, folder));
    return entry.name.endsWith(".yaml") ? [new URL(entry.name, folder)] : [];
  }).sort((a, b) => a.href < b.href ? -1 : 1);
}

import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { configurationSchema } from "../../lib/settings/configuration_schema.ts";
import { isPlainMap } from "../../lib/settings/plain_maps.ts";
import { testWithSharedData } from "../support/shared_data.ts";
import { yamlFiles } from "../support/yaml_files.ts";
import { block } from "./messages.ts";

const schema = configurationSchema();
const validate = new Ajv({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
})
  .compile(schema);

/** The paths of all mistakes in a text, read as editors do (YAML 1.2). */
function mistakes(text: string): string[] {
  return validate(parse(text))
    ? []
    : (validate.errors ?? []).map(({ instancePath, keyword }) =>
      `${instancePath} ${keyword}`
    );
}

const official = new URL(
  "../../../shared/data/configs/release_21_py1.0.0/config/",
  import.meta.url,
);

testWithSharedData("Unity's own files of release 21 fit", "ORIGINS.md", () => {
  const paths = yamlFiles(official);
  for (const path of paths) {
    const text = Deno.readTextFileSync(new URL(path, official));
    assert.deepEqual(mistakes(text), [], path);
  }
  assert.equal(paths.length, 39);
});

const ours = new URL("../../config/", import.meta.url);

for (const path of yamlFiles(ours)) {
  Deno.test(`config/${path} fits, and leads editors to the schema`, () => {
    const text = Deno.readTextFileSync(new URL(path, ours));
    assert.deepEqual(mistakes(text), []);
    const [hint] = text.split("\n");
    const [, schemaPath] =
      /^# yaml-language-server: \$schema=(.*)$/.exec(hint) ??
        [];
    assert.ok(schemaPath, hint);
    assert.equal(
      new URL(schemaPath, new URL(path, ours)).href,
      new URL("schema.json", ours).href,
    );
  });
}

Deno.test("config/schema.json is what the schema verb prints", () => {
  const text = Deno.readTextFileSync(new URL("schema.json", ours));
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(schema)));
});

for (
  const [what, text, path] of [
    ["a misspelt section", "behavior: {}", " additionalProperties"],
    [
      "a misspelt key",
      "env_settings: {sed: 1}",
      "/env_settings additionalProperties",
    ],
    [
      "a number out of range",
      "env_settings: {base_port: 70000}",
      "/env_settings/base_port maximum",
    ],
    [
      "a fraction for a count",
      "env_settings: {num_envs: 1.5}",
      "/env_settings/num_envs type",
    ],
    ["a text for a flag", 'debug: "false"', "/debug type"],
    [
      "an unknown trainer",
      "behaviors: {A: {trainer_type: a2c}}",
      "/behaviors/A/trainer_type const",
    ],
    [
      "a key of another trainer",
      "behaviors: {A: {trainer_type: ppo, hyperparameters: {tau: 1}}}",
      "/behaviors/A/hyperparameters additionalProperties",
    ],
    [
      "gail without demonstrations",
      "behaviors: {A: {reward_signals: {gail: {}}}}",
      "/behaviors/A/reward_signals/gail required",
    ],
    [
      "a lesson without a value",
      "environment_parameters: {a: {curriculum: [{name: b}]}}",
      "/environment_parameters/a/curriculum/0 required",
    ],
    [
      "another sampler's parameters",
      block`
        environment_parameters:
          a: {sampler_type: uniform, sampler_parameters: {mean: 1}}`,
      "/environment_parameters/a/sampler_parameters additionalProperties",
    ],
  ]
) {
  Deno.test(`refused: ${what}`, () => {
    const found = mistakes(text);
    assert.ok(found.includes(path), found.join("\n"));
  });
}

Deno.test("numbers in every spelling, samplers, null and names are fine", () => {
  const text = block`
    default_settings: null
    behaviors:
      A: {max_steps: 5e5, time_horizon: 5.0e2, self_play: {}}
    checkpoint_settings: {run_id: 2024, initialize_from: null}
    environment_parameters:
      a: 1
      b: true
      c: {sampler_type: gaussian, sampler_parameters: {}}`;
  assert.deepEqual(mistakes(text), []);
});

Deno.test("every key says what it means, numbers with unit and default", () => {
  const silent: string[] = [];
  const look = (node: unknown, path: string) => {
    if (!isPlainMap(node)) return;
    for (const [name, child] of Object.entries(Object(node.properties))) {
      if (!Object(child).description) silent.push(`${path}.${name}`);
    }
    for (const [key, child] of Object.entries(node)) {
      const nested = Array.isArray(child) ? child : [child];
      nested.forEach((each) => look(each, `${path}.${key}`));
    }
  };
  look(schema, "");
  assert.deepEqual(silent, []);
  const { env_settings } = Object(schema.properties);
  assert.deepEqual(env_settings.properties.timeout_wait, {
    description: "Longest silence of an environment. Allowed: a whole number " +
      "of seconds, 1 or more.",
    type: "integer",
    minimum: 1,
    default: 60,
  });
});

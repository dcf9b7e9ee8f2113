/** What holds for every configuration without mistakes. */
import assert from "node:assert/strict";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import { readYaml } from "../../lib/settings/yaml_source.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { randomConfiguration } from "./random_configuration.ts";

const random = new RandomGenerator(1, "configurations");
const configurations = Array.from(
  { length: 300 },
  () => randomConfiguration(random),
);

Deno.test("user form, YAML, user form again", () => {
  for (const configuration of configurations) {
    const text = configurationYaml(configuration);
    const { value } = readYaml(text, "run.yaml");
    // As text, because the order of keys is to stay as well.
    assert.equal(JSON.stringify(value), JSON.stringify(configuration));
  }
});

Deno.test("resolving resolved settings changes nothing", () => {
  for (const configuration of configurations) {
    const { settings } = resolveSettings(configuration);
    assert.deepEqual(resolveSettings(settings).settings, settings);
  }
});

Deno.test("the text of either form resolves to the same settings", () => {
  for (const configuration of configurations) {
    const { settings } = resolveSettings(configuration);
    for (const form of [configuration, settings]) {
      const text = configurationYaml(form);
      assert.deepEqual(readSettings(text, "run.yaml").settings, settings, text);
    }
  }
});

Deno.test("the random configurations are not all alike", () => {
  const texts = new Set(configurations.map((each) => JSON.stringify(each)));
  assert.ok(texts.size > 200, `${texts.size} of 300`);
  const settings = configurations.flatMap((each) =>
    Object.values(resolveSettings(each).settings.behaviors)
  );
  for (const type of ["ppo", "sac", "poca"]) {
    assert.ok(settings.some(({ trainer_type }) => trainer_type === type));
  }
  assert.ok(settings.some(({ self_play }) => self_play));
  assert.ok(settings.some(({ reward_signals }) => reward_signals.gail));
});

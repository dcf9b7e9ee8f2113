/**
 * Whatever comes in, the reader answers with settings or a UserError. All of
 * 100,000 cases, in some minutes:
 *
 *   FUZZ_CASES=100000 deno test -A --no-check \
 *     tests/settings/reader_properties_test.ts
 */
import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { configurationYaml } from "../../lib/settings/configuration_yaml.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import {
  type ResolvedSettings,
  resolveSettings,
} from "../../lib/settings/resolve_settings.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { randomConfiguration } from "./random_configuration.ts";

const cases = Number(Deno.env.get("FUZZ_CASES") ?? 3000);

const current = `
default_settings: {network_settings: {normalize: true}}
behaviors:
  3DBall:
    trainer_type: ppo
    hyperparameters: &h {batch_size: 64, learning_rate: 3.0e-4}
    reward_signals:
      extrinsic: {gamma: 0.99}
      gail: {demo_path: d.demo, strength: 0.1}
    self_play: {save_steps: 100}
  Other: {trainer_type: poca, hyperparameters: *h}
env_settings: {env_path: "sim:3DBall", num_envs: 2, env_args: [a, 1]}
environment_parameters:
  mass: {sampler_type: uniform, sampler_parameters: {min_value: 0.5}}
  wall:
    curriculum:
      - {name: one, value: 1, completion_criteria: {behavior: Other}}
      - {name: two, value: 2}
checkpoint_settings: {run_id: x}
`;

const sections = `
default: &d
  trainer: ppo
  batch_size: 64 # experiences
  buffer_size: 640
  max_steps: 1e5
  use_recurrent: false
  reward_signals: {extrinsic: {gamma: 0.9}, curiosity: {encoding_size: 8}}
Cat:
  trainer: sac
  train_interval: 2
Dog: Cat
Mouse: {trainer: offline_bc, demo_path: d.demo, batches_per_epoch: 5}
`;

const transition = `
behaviors:
  Ball: {trainer_type: ppo, output_path: default}
parameter_randomization:
  resampling-interval: 500
  mass: {sampler-type: multirange_uniform, intervals: [[1, 2], [3, 4]]}
curriculum:
  Ball:
    measure: progress
    thresholds: [0.1, 0.3]
    min_lesson_length: 10
    parameters: {gap: [5, 4, 3]}
`;

/** Beginnings of texts, and what is thrown into them. */
const starts = [current, sections, transition];
const pieces = [
  "",
  " ",
  "\n",
  "\n  ",
  "\t",
  "\r",
  ":",
  ": ",
  "- ",
  "[",
  "]",
  "{",
  "}",
  "&h",
  "*h",
  "<<: *h",
  "#",
  "'",
  '"',
  "|",
  ">",
  "!",
  "!!binary ",
  "!!set ",
  "?",
  "~",
  "null",
  "true",
  "-1",
  "0",
  "1e999",
  ".nan",
  ".inf",
  "1:30",
  "__proto__",
  "constructor",
  "toString",
  "a",
  "behaviors",
  "default",
  "curriculum",
  "\0",
  "\x1b",
  "\u2028",
  "\ufeff",
  "\ud800",
  "é",
  "---\n",
  "...\n",
  "%YAML 1.2\n",
  ",",
];

/** A text of another kind in each case: resolved, or refused properly. */
const kinds: Record<string, (random: RandomGenerator) => string> = {
  "an edited text": (random) => {
    let text = pick(random, starts);
    for (let edits = 1 + random.integer(2); edits > 0; edits--) {
      const at = random.integer(text.length);
      const removed = Math.max(0, random.integer(8) - 4);
      text = text.slice(0, at) + pick(random, pieces) +
        text.slice(at + removed);
    }
    return text;
  },
  "pieces in a row": (random) =>
    Array.from({ length: random.integer(40) }, () => pick(random, pieces))
      .join(""),
  "lines in any order": (random) => {
    const lines = pick(random, starts).split("\n");
    const order = Int32Array.from(lines.keys());
    random.shuffle(order);
    return [...order].map((line) => lines[line]).join("\n");
  },
  "any characters": (random) =>
    String.fromCharCode(
      ...Array.from(
        { length: random.integer(60) },
        () => random.integer(random.integer(8) ? 128 : 65536),
      ),
    ),
};

for (const [name, create] of Object.entries(kinds)) {
  Deno.test(`the reader is given ${name}`, () => {
    const random = new RandomGenerator(1, name);
    for (let i = 0; i < cases / 5; i++) {
      const text = create(random);
      const read = answer(() => readSettings(text, "run.yaml"), text);
      if (!(read instanceof UserError)) checkStable(read, text);
      else for (const { place } of read.problems) assert.ok(place?.file, text);
    }
  });
}

/** Values that code may give, beside those that YAML can write. */
const oddValues: readonly unknown[] = [
  undefined,
  null,
  NaN,
  -Infinity,
  1e300,
  -0,
  0.5,
  "",
  "\0",
  "5e5",
  "false",
  true,
  [],
  [[]],
  {},
  { curriculum: [] },
  { sampler_type: "uniform", sampler_parameters: { min_value: 2 } },
  10n,
  Symbol("odd"),
  () => 1,
  new Date(0),
  new Map([["a", 1]]),
  Object.create(null),
  JSON.parse('{"__proto__": {"debug": true}}'),
];

Deno.test("the resolver is given odd values", () => {
  const random = new RandomGenerator(1, "odd values");
  let accepted = 0;
  for (let i = 0; i < cases / 5; i++) {
    const configuration = structuredClone(randomConfiguration(random));
    setSomewhere(configuration, random);
    const words = Deno.inspect(configuration, { depth: 20 });
    const resolved = answer(() => resolveSettings(configuration), words);
    if (resolved instanceof UserError) continue;
    accepted++;
    checkStable(resolved, words);
  }
  assert.ok(accepted > cases / 100 && accepted < cases / 5.5, `${accepted}`);
});

/** Replaces one value, at any depth, or adds a key. */
function setSomewhere(value: object, random: RandomGenerator): void {
  const entries = Object.entries(value);
  const [key, child] = entries.length > 0
    ? pick(random, entries)
    : ["unheard_of", undefined];
  if (typeof child === "object" && child !== null && random.integer(5) > 0) {
    setSomewhere(child, random);
  } else {
    Reflect.set(value, key, pick(random, oddValues));
  }
}

function answer(
  read: () => ResolvedSettings,
  words: string,
): ResolvedSettings | UserError {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw new Error(`not answered properly:\n${words}`, { cause: error });
  }
}

/** What is accepted can be written, read again, and stays the same. */
function checkStable({ settings }: ResolvedSettings, words: string): void {
  const again = readSettings(configurationYaml(settings), "run.yaml");
  assert.deepEqual(again.settings, settings, words);
}

function pick<T>(random: RandomGenerator, values: readonly T[]): T {
  return values[random.integer(values.length)];
}

import assert from "node:assert/strict";
import { explainSettings } from "../../lib/settings/explanation.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";
import { block } from "./messages.ts";

const resolved = readSettings(
  block`
    behaviors:
      "odd # name":
        max_steps: 5
        even_checkpoints: true
    env_settings:
      env_path: "a # b"
      env_args: ["x # y", z]
      seed: 3
    environment_parameters:
      sides:
        sampler_type: multirangeuniform
        sampler_parameters: {intervals: [[0, 1], [2, 3]]}`,
  "run.yaml",
  { run: { env_settings: { seed: 4 } } },
);
const text = explainSettings(resolved, (path) => `--${path.at(-1)}`);

/** The line of a key, cut where its origin begins. */
function line(key: string): string[] | undefined {
  return text.split("\n").find((each) => each.trim().startsWith(`${key}:`))
    ?.trim().split(/ +# (?!y|b|name)/);
}

Deno.test("each value has its origin behind it", () => {
  assert.deepEqual(line("max_steps"), ["max_steps: 5", "run.yaml:3"]);
  assert.deepEqual(line("checkpoint_interval"), [
    "checkpoint_interval: 1",
    "as even_checkpoints",
  ]);
  assert.deepEqual(line("seed"), ["seed: 4", "--seed"]);
  assert.deepEqual(line("debug"), ["debug: false", "default"]);
  assert.deepEqual(line("default_settings"), [
    "default_settings: null",
    "default",
  ]);
});

Deno.test("lists stay on one line", () => {
  assert.deepEqual(line("intervals"), [
    "intervals: [ [ 0, 1 ], [ 2, 3 ] ]",
    "run.yaml:12",
  ]);
  assert.deepEqual(line("env_args"), [
    'env_args: [ "x # y", z ]',
    "run.yaml:7",
  ]);
});

Deno.test("the origins stand in one column", () => {
  const columns = text.split("\n").map((each) =>
    each.search(/# (run\.yaml|default|as |--)/)
  ).filter((column) => column >= 0);
  assert.ok(columns.length > 60);
  assert.equal(new Set(columns).size, 1);
});

Deno.test("the text is a configuration with the same meaning", () => {
  assert.deepEqual(
    readSettings(text, "explained.yaml").settings,
    resolved.settings,
  );
});

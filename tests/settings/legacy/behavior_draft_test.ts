import assert from "node:assert/strict";
import {
  BehaviorDraft,
  partsOf,
  sectionOf,
} from "../../../lib/settings/legacy/behavior_draft.ts";
import {
  contentOf,
  readConfigurationFile,
} from "../../../lib/settings/legacy/configuration_file.ts";

const file = readConfigurationFile(
  'Cat: {beta: 1e-2, gamma: "0.9", demo_path: "017", signals: {a: 1}}',
  "old.yaml",
);
const { value, origin } = contentOf(file);
const section = sectionOf(Object(value).Cat, { file, path: ["Cat"] }, true);

Deno.test("settings move and keep their names, those that are there", () => {
  const draft = new BehaviorDraft();
  draft.move(section, ["beta", "epsilon"], ["hyperparameters"]);
  assert.deepEqual(
    draft.leaves.map(({ path, value, own }) => ({ path, value, own })),
    [{ path: ["hyperparameters", "beta"], value: 0.01, own: true }],
  );
  assert.deepEqual(draft.leaves[0].origins[0].path, ["Cat", "beta"]);
});

Deno.test("numbers in quotes become numbers, texts stay", () => {
  const draft = new BehaviorDraft();
  draft.rename(section, "gamma", ["g"]);
  draft.rename(section, "demo_path", ["d"]);
  assert.deepEqual(draft.leaves.map(({ value }) => value), [0.9, "017"]);
});

Deno.test("only what is there is dropped", () => {
  const draft = new BehaviorDraft();
  draft.drop(section, ["beta", "tau"], "gone");
  assert.deepEqual(draft.fates.map(({ origin }) => origin.path), [
    ["Cat", "beta"],
  ]);
});

Deno.test("the parts of a mapping know where they stand", () => {
  const parts = partsOf(section.get("signals"));
  assert.deepEqual(parts?.get("a")?.origin.path, ["Cat", "signals", "a"]);
  assert.equal(partsOf(section.get("beta")), undefined);
  assert.equal(partsOf(undefined), undefined);
  assert.deepEqual(origin.path, []);
});

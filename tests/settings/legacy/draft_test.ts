import assert from "node:assert/strict";
import {
  contentOf,
  type Origin,
  readConfigurationFile,
  within,
} from "../../../lib/settings/legacy/configuration_file.ts";
import { Draft } from "../../../lib/settings/legacy/draft.ts";

function newDraft(text = "a: 1\nb: {c: 2}\n"): { draft: Draft; root: Origin } {
  const root = contentOf(readConfigurationFile(text, "old.yaml")).origin;
  return { draft: new Draft(root), root };
}

Deno.test("values know where they stood, parts of them by their names", () => {
  const { draft, root } = newDraft();
  draft.set(["x", "y"], { c: 2 }, [within(root, "b")]);
  assert.deepEqual(draft.value, { x: { y: { c: 2 } } });
  const paths = (...path: string[]) =>
    draft.originsOf(path).map((origin) => origin.path);
  assert.deepEqual(paths("x", "y", "c"), [["b", "c"]]);
  assert.deepEqual(paths("x"), []);
  assert.equal(draft.place(["x", "y", "c"], false).line, 2);
  assert.equal(draft.place(["x"], false).line, 1);
  assert.equal(draft.place(["nowhere"], true).file, "old.yaml");
});

Deno.test("what is removed is gone with its origins", () => {
  const { draft, root } = newDraft();
  draft.set([], { a: 1, b: { c: 2 } }, [root]);
  draft.set(["x", "y"], 1, [within(root, "a")]);
  draft.remove(["x"]);
  assert.ok(!draft.has(["x"]));
  assert.deepEqual(draft.value, { a: 1, b: { c: 2 } });
  assert.deepEqual(
    [...draft.origins()].map(({ path }) => path),
    [[]],
  );
  draft.remove(["nowhere", "else"]);
});

Deno.test("nothing is written below what is no mapping", () => {
  const { draft, root } = newDraft();
  draft.set(["a"], 1, [within(root, "a")]);
  assert.throws(
    () => draft.set(["a", "b"], 2, []),
    /old\.yaml:1:4: wrong kind of value \(allowed: a mapping\)/,
  );
});

Deno.test("entries of what is no mapping are a problem", () => {
  const { draft, root } = newDraft();
  const given = { value: 3, origin: within(root, "a") };
  assert.deepEqual(draft.entries(given), []);
  assert.deepEqual(draft.problems.map(({ path }) => path), ["a"]);
});

Deno.test("far too much is refused", () => {
  const { draft } = newDraft();
  assert.throws(() => {
    for (let i = 0; i < 200_000; i++) draft.set([`k${i}`], i, []);
  }, /too much for a configuration \(allowed: at most 100000 values\)/);
});

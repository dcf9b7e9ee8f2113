import assert from "node:assert/strict";
import {
  formatPath,
  isPlainMap,
  mapEntries,
  overlay,
  setAt,
  valueAt,
} from "../../lib/settings/plain_maps.ts";

Deno.test("mappings are no lists and not null", () => {
  assert.deepEqual([{}, [], null, "a", 1].map(isPlainMap), [
    true,
    false,
    false,
    false,
    false,
  ]);
});

Deno.test("overlay joins mappings and replaces the rest", () => {
  assert.deepEqual(
    overlay({ a: { b: 1, c: 2 }, d: [1, 2], e: 1 }, {
      a: { b: 3 },
      d: [4],
      e: null,
      f: {},
    }),
    { a: { b: 3, c: 2 }, d: [4], e: null, f: {} },
  );
  assert.deepEqual(overlay(null, { a: 1 }), { a: 1 });
  assert.equal(overlay(1, undefined), 1);
});

Deno.test("a mapping does not hide a value of the wrong kind", () => {
  assert.deepEqual(overlay({ a: [1] }, { a: { b: 1 } }), { a: [1] });
});

Deno.test("overlay leaves its arguments alone", () => {
  const under = { a: { b: 1 } };
  overlay(under, { a: { c: 1 } });
  assert.deepEqual(under, { a: { b: 1 } });
});

Deno.test("values by path", () => {
  const root = { a: [{ b: 1 }] };
  assert.equal(valueAt(root, ["a", 0, "b"]), 1);
  assert.equal(valueAt(root, ["a", 1, "b"]), undefined);
  assert.equal(valueAt(root, ["toString"]), undefined);
  assert.deepEqual(setAt({ a: { b: 1 } }, ["a", "c"], 2), {
    a: { b: 1, c: 2 },
  });
});

Deno.test("mapEntries leaves other values alone", () => {
  assert.deepEqual(mapEntries({ a: 1 }, (value, key) => [key, value]), {
    a: ["a", 1],
  });
  assert.equal(mapEntries("text", () => 0), "text");
});

Deno.test("paths as people write them", () => {
  assert.equal(formatPath(["behaviors", "3DBall"]), "behaviors.3DBall");
  assert.equal(formatPath(["list", 0, "name"]), "list[0].name");
  assert.equal(formatPath(["behaviors", "../x"]), 'behaviors."../x"');
  assert.equal(formatPath(["behaviors", "a b", "c"]), 'behaviors."a b".c');
  assert.equal(formatPath([]), "");
});

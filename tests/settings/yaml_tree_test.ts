import assert from "node:assert/strict";
import { readYaml } from "../../lib/settings/yaml_source.ts";

const read = (text: string) => readYaml(text, "run.yaml").value;

Deno.test("aliases repeat what their anchor names", () => {
  assert.deepEqual(read("a: &x {b: 1}\nc: *x\nd: [&y 2, *y]"), {
    a: { b: 1 },
    c: { b: 1 },
    d: [2, 2],
  });
});

Deno.test("an alias means the last anchor before it", () => {
  assert.deepEqual(read("[&x 1, *x, &x 2, *x]"), [1, 1, 2, 2]);
  assert.throws(
    () => read("a: *x\nb: &x 1"),
    /run\.yaml:1:4: \*x has no anchor/,
  );
});

Deno.test("merge keys lie beneath the mapping's own", () => {
  const text = "base: &x {a: 1, b: 2}\nover: &y {b: 3, c: 4}\n" +
    "z: {b: 5, <<: [*x, *y]}";
  assert.deepEqual(read(text), {
    base: { a: 1, b: 2 },
    over: { b: 3, c: 4 },
    z: { a: 1, b: 5, c: 4 },
  });
});

Deno.test("anchors that multiply, or contain themselves, are refused", () => {
  const lines = ["a0: &a0 [x]"];
  for (let i = 1; i < 9; i++) {
    lines.push(`a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`).join(",")}]`);
  }
  assert.throws(() => read(lines.join("\n")), /too many values for a conf/);
  for (const text of ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}"]) {
    assert.throws(() => read(text), /too much nesting for a configuration/);
  }
});

Deno.test("keys that are no names", () => {
  for (const text of ["[a]: 1", "? {a: 1}\n: 2", "__proto__: {debug: true}"]) {
    assert.throws(() => read(text), /run\.yaml:1:\d: cannot be a key/);
  }
});

Deno.test("a duplicate key warns at the second place", () => {
  const { value, warnings } = readYaml("a: 1\nb: 2\na: 3\n", "run.yaml");
  assert.deepEqual(value, { a: 3, b: 2 });
  assert.deepEqual(warnings.map(({ place }) => place?.line), [3]);
});

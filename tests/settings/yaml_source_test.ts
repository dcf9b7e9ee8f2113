import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { readYaml } from "../../lib/settings/yaml_source.ts";

const read = (text: string) => readYaml(text, "run.yaml").value;

Deno.test("scalars as YAML 1.1 has them", () => {
  assert.deepEqual(
    read(
      "[yes, No, ON, off, True, FALSE, ~, null, '', 5e5, 1.0e-3, 1_000, 0x1F, 017]",
    ),
    [
      true,
      false,
      true,
      false,
      true,
      false,
      null,
      null,
      "",
      5e5,
      1e-3,
      1000,
      31,
      15,
    ],
  );
});

Deno.test("what the reference leaves a text stays one; so do dates", () => {
  assert.deepEqual(read("[y, n, Y, N, 2020-01-01, 0o17, '5e5']"), [
    "y",
    "n",
    "Y",
    "N",
    "2020-01-01",
    "0o17",
    "5e5",
  ]);
});

Deno.test("keys are names as they are written", () => {
  assert.deepEqual(read("{017: 1, on: 2, 1_0: 3, 'a b': 4, 3.0: 5}"), {
    "017": 1,
    on: 2,
    "1_0": 3,
    "a b": 4,
    "3.0": 5,
  });
});

Deno.test("nothing but comments has no content", () => {
  assert.equal(read("# a\n\n# b\n"), undefined);
});

Deno.test("places of keys and values; what is missing is where it belongs", () => {
  const { place } = readYaml("a:\n  b: [x, {c: 1}]\n", "run.yaml");
  const at = (path: (string | number)[], atKey: boolean) => {
    const { line, column } = place(path, atKey);
    return [line, column];
  };
  assert.deepEqual(at(["a"], true), [1, 1]);
  assert.deepEqual(at(["a", "b"], true), [2, 3]);
  assert.deepEqual(at(["a", "b"], false), [2, 6]);
  assert.deepEqual(at(["a", "b", 1, "c"], false), [2, 14]);
  assert.deepEqual(at(["a", "b", 1, "d"], false), [2, 10]);
  assert.deepEqual(at(["z"], false), [1, 1]);
  assert.deepEqual(place(["a", "b"], true), {
    file: "run.yaml",
    line: 2,
    column: 3,
    text: "  b: [x, {c: 1}]",
  });
});

Deno.test("a line too long to quote is not quoted", () => {
  const { place } = readYaml(`a: ${"x".repeat(200)}`, "run.yaml");
  assert.deepEqual(place(["a"], false), {
    file: "run.yaml",
    line: 1,
    column: 4,
  });
});

Deno.test("syntax errors have a place each, one for a line", () => {
  assert.throws(() => read("a:\n\tb: 1\n"), {
    message: "run.yaml:2:1: a tab where YAML wants blanks\n     b: 1\n    ^",
  });
  assert.throws(
    () => read("a: 1\n---\nb: 2\n"),
    /run\.yaml:2:1: a second document/,
  );
  assert.throws(
    () => read("a: 'x\n"),
    /run\.yaml:\d:\d: no valid YAML: Missing closing/,
  );
  try {
    read("- a\nb: 1\n");
    assert.fail();
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.problems.length, 1);
  }
});

Deno.test("unknown tags are a warning", () => {
  const { value, warnings } = readYaml("a: !speed 3", "run.yaml");
  assert.deepEqual(value, { a: "3" });
  assert.match(warnings[0].what, /!speed/);
});

Deno.test("deep nesting is refused, not followed", () => {
  for (const depth of [100, 100_000]) {
    assert.throws(() => read("[".repeat(depth) + "]".repeat(depth)), UserError);
  }
});

import assert from "node:assert/strict";
import { z } from "zod";
import { describeValue, findingsOf } from "../../lib/settings/findings.ts";
import { choice, count, section } from "../../lib/settings/values.ts";

/** What is found wrong in a value: path and sentence. */
function findings(schema: z.ZodType, value: unknown) {
  const { error } = schema.safeParse(value);
  return error ? findingsOf(error, value) : [];
}

const schema = section({
  size: count({ min: 1 }),
  kind: choice("red", "blue"),
});

Deno.test("sentences for each kind of mistake", () => {
  const what = (value: unknown) =>
    findings(schema, value).map(({ path, what }) => `${path}: ${what}`);
  assert.deepEqual(what({ size: 0, kind: "rad" }), [
    "size: out of range",
    "kind: unknown word",
  ]);
  assert.deepEqual(what({ size: 1.5, kind: null }), [
    "size: not a whole number",
    "kind: empty",
  ]);
  assert.deepEqual(what({ size: true, kind: 3 }), [
    "size: wrong kind of value",
    "kind: wrong kind of value",
  ]);
  assert.deepEqual(what({ kind: "red" }), ["size: missing"]);
  assert.deepEqual(what([]), [": wrong kind of value"]);
});

Deno.test("one finding for a path, however many checks fail", () => {
  assert.equal(findings(schema, { size: -0.5, kind: "red" }).length, 1);
});

Deno.test("a misspelt key is not missing as well", () => {
  assert.deepEqual(findings(schema, { sise: 1, kind: "red" }), [{
    path: ["sise"],
    atKey: true,
    what: "unknown key",
    cure: "Did you mean size?",
  }]);
});

Deno.test("a key whose name was cut short is told its whole name", () => {
  const trainer = section({ trainer_type: count() });
  const [{ cure }] = findings(trainer, { trainer: 1 });
  assert.equal(cure, "Did you mean trainer_type?");
});

Deno.test("of several forms, the one that was meant is explained", () => {
  const form = z.union([
    count(),
    section({ a: count() }),
    section({ b: count() }),
  ], {
    error: "a number, or a mapping with a or b",
  });
  assert.deepEqual(findings(form, { b: "x" }).map(({ path }) => path), [["b"]]);
  assert.deepEqual(findings(form, { c: 1 }), [{
    path: [],
    what: "wrong kind of value",
    found: "a mapping",
    allowed: "a number, or a mapping with a or b",
  }]);
});

Deno.test("values in few words", () => {
  assert.deepEqual(
    [null, [], {}, "a\nb", 1e-7, true, "x".repeat(99)].map(describeValue),
    [
      "nothing (null)",
      "a list",
      "a mapping",
      '"a\\nb"',
      "1e-7",
      "true",
      `"${"x".repeat(59)}…"`,
    ],
  );
});

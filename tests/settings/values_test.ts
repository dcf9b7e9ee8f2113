import assert from "node:assert/strict";
import type { z } from "zod";
import {
  choice,
  count,
  flag,
  real,
  reject,
  section,
  text,
} from "../../lib/settings/values.ts";

/** The message for each bad value of a schema. */
function messages(schema: z.ZodType, ...bad: unknown[]): unknown[] {
  return bad.map((value) => schema.safeParse(value).error?.issues[0].message);
}

Deno.test("count reads whole numbers in any spelling", () => {
  const schema = count({ min: 1, unit: "steps" });
  const spellings = [500000, "5e5", "5.0e5", "500000", "+5E5", " 500000. "];
  for (const spelling of spellings) {
    assert.equal(schema.parse(spelling), 500_000);
  }
  const allowed = "a whole number of steps, 1 or more";
  const bad = [0, -1, 1.5, "1.5", "", "ten", "0x10", true, null, NaN, Infinity];
  assert.deepEqual(messages(schema, ...bad), bad.map(() => allowed));
});

Deno.test("count tells numbers too large to be exact from others", () => {
  assert.deepEqual(messages(count({ min: 1 }), 2 ** 53, "1e300", 0), [
    "a whole number, 1 or more, below 2^53",
    "a whole number, 1 or more, below 2^53",
    "a whole number, 1 or more",
  ]);
});

Deno.test("real takes what 32 bits can hold", () => {
  assert.equal(real().parse("-3.4e38"), -3.4e38);
  assert.deepEqual(messages(real({ above: 0 }), 3.5e38, Infinity, NaN), [
    "a number above 0, within 3.4e38 of 0",
    "a number above 0",
    "a number above 0",
  ]);
});

Deno.test("real says its range", () => {
  assert.equal(real().parse("-.5e-1"), -0.05);
  assert.deepEqual(messages(real(), "", "e5", "."), [
    "a number",
    "a number",
    "a number",
  ]);
  assert.deepEqual(messages(real({ min: 0, max: 1 }), 2, -0.1), [
    "a number from 0 to 1",
    "a number from 0 to 1",
  ]);
  assert.deepEqual(messages(real({ above: 0 }), 0), ["a number above 0"]);
  assert.deepEqual(messages(real({ above: 0, max: 1 }), 2), [
    "a number above 0, to 1",
  ]);
  assert.deepEqual(messages(real({ max: 3 }), 4), ["a number, 3 or less"]);
});

Deno.test("flag takes real booleans only", () => {
  assert.equal(flag().parse(false), false);
  const allowed = "true or false, without quotes";
  assert.deepEqual(messages(flag(), "false", 0, null), Array(3).fill(allowed));
});

Deno.test("text takes numbers as their digits, and nothing empty", () => {
  assert.equal(text("a name").parse(17), "17");
  const bad = ["", null, true, [], NaN, Infinity, "a\0b"];
  assert.deepEqual(messages(text("a name"), ...bad), bad.map(() => "a name"));
});

Deno.test("choice and section list what they know", () => {
  assert.deepEqual(messages(choice("a", "b"), "c"), ["a, b"]);
  const pair = section({ a: flag(), b: flag().optional() });
  assert.deepEqual(messages(pair, { a: true, c: 1 }, null), [
    "a, b",
    "a mapping with a, b",
  ]);
});

Deno.test("reject blames a key", () => {
  const schema = section({ low: real(), high: real() })
    .superRefine(({ low, high }, context) => {
      if (low > high) {
        reject(context, { path: ["high"], what: "too low", allowed: "more" });
      }
    });
  const [issue] = schema.safeParse({ low: 2, high: 1 }).error?.issues ?? [];
  assert.deepEqual(issue.path, ["high"]);
  assert.equal(issue.message, "more");
});

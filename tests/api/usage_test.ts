import assert from "node:assert/strict";
import { readArgument, wrongUsage } from "../../lib/api/usage.ts";
import { count } from "../../lib/settings/values.ts";

Deno.test("arguments are read by the schema of what they stand for", () => {
  const schema = count({ min: 1, unit: "steps" });
  assert.deepEqual(readArgument("--x", schema, "5e3"), { value: 5000 });
  assert.deepEqual(readArgument("--x", schema, "0"), {
    problem: {
      path: "--x",
      what: "out of range",
      found: '"0"',
      allowed: "a whole number of steps, 1 or more",
    },
  });
});

Deno.test("wrong usage ends with its own exit code", () => {
  assert.equal(wrongUsage({ what: "no" }).exitCode, 2);
});

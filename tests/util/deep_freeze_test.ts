import assert from "node:assert/strict";
import { deepFreeze } from "../../lib/util/deep_freeze.ts";

Deno.test("freezes every depth and returns the same object", () => {
  const value = { a: { b: [{ c: 1 }] }, d: null };
  assert.equal(deepFreeze(value), value);
  assert.ok(Object.isFrozen(value));
  assert.ok(Object.isFrozen(value.a.b));
  assert.ok(Object.isFrozen(value.a.b[0]));
});

import assert from "node:assert/strict";
import { within } from "../../lib/util/within.ts";

Deno.test("what comes in time is waited for, nothing else is", async () => {
  assert.equal(await within(10_000, Promise.resolve(7)), true);
  assert.equal(await within(0, Promise.resolve()), true);
  assert.equal(await within(5, new Promise(() => {})), false);
});

Deno.test("a failure in time is passed on", async () => {
  const failed = Promise.reject(new Error("broken"));
  await assert.rejects(within(10_000, failed), /broken/);
});

Deno.test("a failure that comes too late harms nobody", async () => {
  const late = Promise.withResolvers<void>();
  assert.equal(await within(1, late.promise), false);
  late.reject(new Error("too late"));
});

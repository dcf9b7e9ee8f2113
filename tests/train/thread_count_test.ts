import assert from "node:assert/strict";
import { chooseThreads } from "../../lib/train/thread_count.ts";

Deno.test("small networks get one thread", () => {
  assert.equal(chooseThreads(64, 128, 8), 1);
  assert.equal(chooseThreads(1024, 128, 8), 1);
});

Deno.test("large ones get every core, up to eight", () => {
  assert.equal(chooseThreads(2048, 512, 2), 2);
  assert.equal(chooseThreads(2048, 512, 64), 8);
  assert.equal(chooseThreads(2048, 512, 1), 1);
});

import assert from "node:assert/strict";
import { chooseThreads } from "../../lib/train/thread_count.ts";

const large = { rows: 2048, hiddenUnits: 512, sideBySide: 1 };

Deno.test("small networks get one thread", () => {
  const small = { rows: 64, hiddenUnits: 128, sideBySide: 1, cores: 8 };
  assert.equal(chooseThreads(small), 1);
  assert.equal(chooseThreads({ ...small, rows: 1024 }), 8);
});

Deno.test("large ones get every core, up to eight", () => {
  assert.equal(chooseThreads({ ...large, cores: 2 }), 2);
  assert.equal(chooseThreads({ ...large, cores: 64 }), 8);
  assert.equal(chooseThreads({ ...large, cores: 1 }), 1);
});

Deno.test("programs side by side share the cores", () => {
  const shared = { ...large, sideBySide: 2 };
  assert.equal(chooseThreads({ ...shared, cores: 1 }), 1);
  assert.equal(chooseThreads({ ...shared, cores: 2 }), 1);
  assert.equal(chooseThreads({ ...shared, cores: 5 }), 2);
  assert.equal(chooseThreads({ ...shared, cores: 64 }), 8);
});

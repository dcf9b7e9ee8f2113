import assert from "node:assert/strict";
import { Timers } from "../../lib/train/timers.ts";

Deno.test("times add up by part, in seconds, in a tree", () => {
  let now = 1000;
  const timers = new Timers(() => now);
  const spend = (part: string, milliseconds: number) => {
    const begin = timers.now();
    now += milliseconds;
    timers.add(part, begin);
  };
  spend("act", 250);
  spend("update/evaluate", 500);
  spend("act", 250);
  const begin = timers.now();
  now += 1000;
  timers.add("update", begin);
  assert.equal(timers.elapsed(), 2);
  assert.deepEqual(timers.tree(), {
    total: 2,
    count: 1,
    children: {
      act: { total: 0.5, count: 2, children: {} },
      update: {
        total: 1,
        count: 1,
        children: { evaluate: { total: 0.5, count: 1, children: {} } },
      },
    },
  });
});

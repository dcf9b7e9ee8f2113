import assert from "node:assert/strict";
import { describeProblem } from "../../lib/errors.ts";
import { RestartAllowance } from "../../lib/train/restart_allowance.ts";

const minute = 60_000;

Deno.test("the limit of a whole run", () => {
  let now = 0;
  const allowance = new RestartAllowance(
    { lifetime: 3, rate: 1, periodSeconds: 60 },
    () => now,
  );
  for (const restart of [1, 2, 3]) {
    assert.equal(allowance.take(), null);
    assert.equal(allowance.describe(), `restart ${restart} of 3`);
    now += minute;
  }
  const refusal = allowance.take();
  assert(refusal);
  assert.equal(
    describeProblem(refusal),
    "it may not be started again in this run (found 3 restarts)\n" +
      "  Raise --max-lifetime-restarts, or -1 for no limit.",
  );
});

Deno.test("the limit of a period, whose restarts are forgotten in time", () => {
  let now = 0;
  const allowance = new RestartAllowance(
    { lifetime: -1, rate: 2, periodSeconds: 60 },
    () => now,
  );
  assert.equal(allowance.take(), null);
  now = minute - 1;
  assert.equal(allowance.take(), null);
  const refusal = allowance.take();
  assert(refusal);
  assert.equal(
    describeProblem(refusal),
    "it may not be started again so soon (found 2 restarts in the last 60 s)" +
      "\n  Raise --restarts-rate-limit-n, or -1 for no limit.",
  );
  // The first one is a minute ago, the second is not.
  now = minute;
  assert.equal(allowance.take(), null);
  assert.notEqual(allowance.take(), null);
  assert.equal(allowance.describe(), "restart 3");
});

Deno.test("no restart where none is allowed, any number without limits", () => {
  for (const limits of [{ lifetime: 0, rate: -1 }, { lifetime: -1, rate: 0 }]) {
    const none = new RestartAllowance({ ...limits, periodSeconds: 1 });
    assert.notEqual(none.take(), null);
  }
  const any = new RestartAllowance({
    lifetime: -1,
    rate: -1,
    periodSeconds: 1e9,
  });
  for (let i = 0; i < 100; i++) assert.equal(any.take(), null);
});

import assert from "node:assert/strict";
import { BackgroundWork } from "../../lib/train/background_work.ts";

Deno.test("work goes on until it is waited for", async () => {
  const work = new BackgroundWork();
  await work.finish();
  const gate = Promise.withResolvers<void>();
  let isDone = false;
  work.begin(async () => {
    await gate.promise;
    isDone = true;
  });
  work.check();
  assert.equal(work.isBusy, true);
  const finished = work.finish();
  assert.equal(isDone, false);
  gate.resolve();
  await finished;
  assert.equal(isDone, true);
  assert.equal(work.isBusy, false);
});

Deno.test("a failure is told once, to whoever looks first", async () => {
  const cause = new Error("no space");
  const work = new BackgroundWork();
  const fail = () => Promise.reject(cause);
  work.begin(fail);
  await assert.rejects(work.finish(), (error) => error === cause);
  await work.finish();
  work.begin(fail);
  await new Promise((resolve) => setTimeout(resolve));
  assert.throws(() => work.check(), (error) => error === cause);
  work.check();
  await work.finish();
});

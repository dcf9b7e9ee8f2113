import assert from "node:assert/strict";
import { RunHandle, type RunResult } from "../../lib/api/run_handle.ts";
import { UserError } from "../../lib/errors.ts";
import type { EventSink, RunEvent } from "../../lib/events.ts";

const result: RunResult = {
  runId: "r",
  folder: "results/r",
  reason: "finished",
  elapsedSeconds: 1,
  steps: {},
  models: {},
};

const notice = (message: string): RunEvent => ({
  type: "notice",
  level: "info",
  message,
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Emits numbered notices a turn apart. */
async function count(emit: EventSink, last: number): Promise<RunResult> {
  for (let i = 1; i <= last; i++) {
    await emit(notice(`${i}`));
    await turn();
  }
  return result;
}

async function messagesOf(events: AsyncIterable<RunEvent>): Promise<string[]> {
  const messages: string[] = [];
  for await (const event of events) {
    if (event.type === "notice") messages.push(event.message);
  }
  return messages;
}

Deno.test("a handle is awaited for the result, as often as one likes", async () => {
  const handle = new RunHandle((emit) => count(emit, 1));
  assert.equal(await handle, result);
  assert.equal(await handle, result);
});

Deno.test("whoever iterates at once misses no event, whoever comes later some", async () => {
  const handle = new RunHandle(async (emit) => {
    await emit(notice("0"));
    return await count(emit, 4);
  });
  const first = messagesOf(handle);
  const second = messagesOf(handle);
  await turn();
  await turn();
  const late = messagesOf(handle);
  assert.deepEqual(await first, ["0", "1", "2", "3", "4"]);
  assert.deepEqual(await second, await first);
  const missed = (await first).length - (await late).length;
  assert(missed > 0);
  assert.deepEqual(await late, (await first).slice(missed));
  assert.deepEqual(await messagesOf(handle), [], "nothing after the end");
});

Deno.test("a failure rejects the handle and ends every iteration", async () => {
  const cause = new UserError({ what: "no such file" });
  const handle = new RunHandle(async (emit) => {
    await count(emit, 2);
    throw cause;
  });
  const seen: string[] = [];
  const iteration = (async () => {
    for await (const event of handle) seen.push(event.type);
  })();
  await assert.rejects(iteration, (error) => error === cause);
  assert.equal(seen.length, 2);
  await assert.rejects(async () => await handle, (error) => error === cause);
  await assert.rejects(messagesOf(handle), (error) => error === cause);
});

Deno.test("a start that throws at once rejects, too", async () => {
  const handle = new RunHandle(() => {
    throw new UserError({ what: "no such environment" });
  });
  await assert.rejects(async () => await handle, /no such environment/);
});

Deno.test("stop fires the signal with a reason for those that wait", async () => {
  const handle = new RunHandle((_, stop) =>
    new Promise((_, reject) =>
      stop.addEventListener("abort", () => reject(stop.reason))
    )
  );
  await turn();
  handle.stop();
  handle.stop();
  await assert.rejects(async () => await handle, {
    name: "UserError",
    message: "stopped before the run began",
  });
});

Deno.test("leaving the loop does not disturb the run", async () => {
  const handle = new RunHandle((emit) => count(emit, 3));
  for await (const event of handle) {
    assert.equal(event.type, "notice");
    break;
  }
  assert.equal(await handle, result);
});

import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type {
  WorkerReply,
  WorkerRequest,
} from "../../lib/runtime/worker_protocol.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { input, tanh } from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import {
  loopResults,
  testProgramSessions,
} from "../conformance/program_session_conformance.ts";

testProgramSessions("on one other thread", () => new WorkerRuntime(1));
testProgramSessions("on two other threads", () => new WorkerRuntime(2));

const x = input("x", ["n"]);
const model = lowerProgram(makeProgram("p", [x], { y: tanh(x) }));
const options = { threads: 1 };
const zeros = (n: number) => ({ x: { data: new Float32Array(n), shape: [n] } });

Deno.test("results do not depend on the thread", async () => {
  const runtime = new WorkerRuntime();
  const here = {
    load: (model: Uint8Array, options: { threads: number }) =>
      new NativeSession(model, options),
    close: () => {},
  };
  const expected = await loopResults(here, 1);
  assert.deepEqual(await loopResults(runtime, 1), expected);
  assert.deepEqual(await loopResults(runtime, 2), expected);
  await runtime.close();
});

Deno.test("feeds are handed over, bound arrays are copied", async () => {
  const runtime = new WorkerRuntime(1);
  const session = await runtime.load(model, options);
  const feeds = zeros(3);
  await session.run(feeds);
  assert.equal(feeds.x.data.length, 0);
  const bound = zeros(3);
  session.bind(bound);
  assert.equal(bound.x.data.length, 3);
  bound.x.data.fill(100);
  const { y } = await session.run({});
  assert.deepEqual([...y.data], [0, 0, 0]);
  await runtime.close();
});

Deno.test("feeds that were handed over before fail alone", async () => {
  const runtime = new WorkerRuntime(1);
  const session = await runtime.load(model, options);
  const feeds = zeros(2);
  const first = session.run(feeds);
  await assert.rejects(async () => await session.run(feeds));
  // Replies still reach the requests that they belong to.
  const third = session.run(zeros(4));
  const lengths = [await first, await third].map(({ y }) => y.data.length);
  assert.deepEqual(lengths, [2, 4]);
  await runtime.close();
});

Deno.test("inputs may share one buffer", async () => {
  const twin = input("twin", ["n"]);
  const program = makeProgram("p", [x, twin], { y: tanh(x), z: tanh(twin) });
  const runtime = new WorkerRuntime(1);
  const session = await runtime.load(lowerProgram(program), options);
  const both = Float32Array.of(0, 100);
  const { y, z } = await session.run({
    x: { data: both.subarray(0, 1), shape: [1] },
    twin: { data: both.subarray(1), shape: [1] },
  });
  assert.deepEqual([y.data[0], z.data[0]], [0, 1]);
  await runtime.close();
});

Deno.test("values that cannot be bound are told with the next run", async () => {
  const runtime = new WorkerRuntime(1);
  const session = await runtime.load(model, options);
  const other = await runtime.load(model, options);
  session.bind({ x: { data: new Float32Array(1), shape: [7] } });
  const failed = assert.rejects(async () => await session.run({}), UserError);
  // The other programs' replies still reach those who asked for them.
  const lengths = [2, 3].map(async (n) => {
    const { y } = await other.run(zeros(n));
    return y.data.length;
  });
  await failed;
  assert.deepEqual(await Promise.all(lengths), [2, 3]);
  await runtime.close();
});

Deno.test("a program is used while its thread sets it up", async () => {
  const runtime = new WorkerRuntime(1);
  const session = runtime.loadBeside(model, options);
  session.bind({ x: { data: Float32Array.of(100), shape: [1] } });
  const { y } = await session.run({});
  assert.deepEqual([...y.data], [1]);
  session.close();
  await assert.rejects(async () => await session.run({}), UserError);
  await runtime.close();
});

Deno.test("a program on every thread has the same values on all", async () => {
  const runtime = new WorkerRuntime(2);
  assert.equal(runtime.sideBySide, 2);
  const session = runtime.loadEverywhere(model, options);
  session.bind({ x: { data: Float32Array.of(100), shape: [1] } });
  const outputs = await Promise.all([1, 2, 3].map(() => session.run({})));
  for (const { y } of outputs) assert.deepEqual([...y.data], [1]);
  session.close();
  for (let time = 0; time < 2; time++) {
    await assert.rejects(async () => await session.run({}), UserError);
  }
  await runtime.close();
});

Deno.test("a program goes where the fewest are, an equal one where it is", async () => {
  /** Models that were set up, thread by thread. */
  const threads: number[][] = [];
  const { Worker: own } = globalThis;
  // Stands in for a thread that does nothing.
  class Listening extends EventTarget {
    onmessage: (event: { data: WorkerReply }) => void = () => {};
    readonly #loaded: number[] = [];

    constructor() {
      super();
      threads.push(this.#loaded);
    }

    postMessage(request: WorkerRequest): void {
      if (request.kind === "load") this.#loaded.push(request.model[0]);
      const data = { kind: "done", outputs: {} } as const;
      if (request.kind !== "close") {
        queueMicrotask(() => this.onmessage({ data }));
      }
    }

    terminate(): void {}
  }
  Object.assign(globalThis, { Worker: Listening });
  try {
    const runtime = new WorkerRuntime(2);
    const open = (id: number) => runtime.loadBeside(Uint8Array.of(id), options);
    const sessions = [1, 2, 3].map(open);
    assert.deepEqual(threads, [[1, 3], [2]]);
    open(4);
    // Closing twice counts once.
    sessions[1].close();
    sessions[1].close();
    open(5);
    assert.deepEqual(threads, [[1, 3], [2, 4, 5]]);
    runtime.loadEverywhere(Uint8Array.of(6), options);
    open(1);
    open(7);
    assert.deepEqual(threads, [[1, 3, 6, 1], [2, 4, 5, 6, 7]]);
    // Two that run side by side, of two behaviors.
    const [first, second] = [8, 9].map(open);
    assert.deepEqual(threads.map((ids) => ids.at(-1)), [8, 9]);
    for (const [id, other] of [[10, first], [11, second]] as const) {
      runtime.loadBeside(Uint8Array.of(id), options, other);
    }
    assert.deepEqual(threads.map((ids) => ids.at(-1)), [11, 10]);
    await runtime.close();
  } finally {
    Object.assign(globalThis, { Worker: own });
  }
});

Deno.test("what is wrong with a model is told by every run", async () => {
  const runtime = new WorkerRuntime(1);
  const session = runtime.loadBeside(new Uint8Array(0), options);
  session.bind(zeros(1));
  for (let time = 0; time < 2; time++) {
    await assert.rejects(async () => await session.run({}), /cannot load/);
  }
  session.close();
  await runtime.close();
});

Deno.test("a runtime may be closed before a program is set up", async () => {
  const runtime = new WorkerRuntime(1);
  const unused = runtime.loadBeside(model, options);
  const session = runtime.loadBeside(model, options);
  const waiting = assert.rejects(
    async () => await session.run(zeros(1)),
    /the run was closed/,
  );
  await runtime.close();
  await waiting;
  unused.close();
});

Deno.test("a closed runtime ends what waits and takes nothing more", async () => {
  const runtime = new WorkerRuntime(1);
  const session = await runtime.load(model, options);
  const waiting = assert.rejects(
    async () => await session.run(zeros(100_000)),
    /the run was closed/,
  );
  await runtime.close();
  await waiting;
  const wanted = /the run was closed/;
  await assert.rejects(async () => await session.run(zeros(1)), wanted);
  session.bind(zeros(1));
  session.close();
  await runtime.close();
});

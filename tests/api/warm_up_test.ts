import assert from "node:assert/strict";
import { warmUp } from "../../lib/api/warm_up.ts";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { input, multiply } from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";

Deno.test("programs run after the first one as without it", async () => {
  const runtime = new WorkerRuntime(2);
  warmUp(runtime);
  const x = input("x", [1]);
  const programs = [2, 3].map((factor) =>
    lowerProgram(makeProgram("p", [x], { y: multiply(x, factor) }))
  );
  const outputs = await Promise.all(programs.map(async (program) => {
    const session = await runtime.load(program, { threads: 1 });
    const feeds = { x: { data: Float32Array.of(7), shape: [1] } };
    return Number((await session.run(feeds)).y.data[0]);
  }));
  assert.deepEqual(outputs, [14, 21]);
  await runtime.close();
});

Deno.test("a run may end while its threads start", async () => {
  const runtime = new WorkerRuntime(2);
  warmUp(runtime);
  await runtime.close();
});

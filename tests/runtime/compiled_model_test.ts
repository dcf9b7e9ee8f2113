import assert from "node:assert/strict";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { CompiledModel, modelKey } from "../../lib/runtime/compiled_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { add, input, tanh } from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";

const x = input("x", []);
const bytes = () => lowerProgram(makeProgram("p", [x], { y: tanh(x) }));
const others = lowerProgram(makeProgram("p", [x], { y: add(x, x) }));
const one = { threads: 1 };
const scalar = (value: number) => ({
  data: Float32Array.of(value),
  shape: [],
});

Deno.test("equal models are compiled once, as long as one is open", () => {
  const first = CompiledModel.open(bytes(), one);
  const second = CompiledModel.open(bytes(), one);
  assert.equal(second, first);
  assert.notEqual(CompiledModel.open(others, one), first);
  first.close();
  const third = CompiledModel.open(bytes(), one);
  assert.equal(third, second);
  second.close();
  third.close();
  assert.notEqual(CompiledModel.open(bytes(), one), first);
});

Deno.test("models differ by their bytes and their threads", () => {
  assert.equal(modelKey(bytes(), one), modelKey(bytes(), one));
  assert.notEqual(modelKey(bytes(), one), modelKey(bytes(), { threads: 2 }));
  assert.notEqual(modelKey(bytes(), one), modelKey(others, one));
});

Deno.test("a model that is refused is refused again", () => {
  for (let turn = 0; turn < 2; turn++) {
    assert.throws(
      () => CompiledModel.open(Uint8Array.of(1, 2, 3), one),
      { name: "UserError" },
    );
  }
});

Deno.test("sessions of one model have their own bound values", () => {
  const [first, second] = [1, 2].map((value) => {
    const session = new NativeSession(others, one);
    session.bind({ x: scalar(value) });
    return session;
  });
  assert.deepEqual([...first.run({}).y.data], [2]);
  first.close();
  assert.deepEqual([...second.run({}).y.data], [4]);
  second.close();
});

Deno.test("equal programs of a run share what one thread has compiled", async () => {
  const runtime = new WorkerRuntime(2);
  const programs = [bytes(), others, others, bytes()];
  const sessions = await Promise.all(
    programs.map((program) => runtime.load(program, one)),
  );
  sessions.forEach((session, i) => session.bind({ x: scalar(i) }));
  const results = await Promise.all(sessions.map((each) => each.run({})));
  const expected = [0, 2, 4, Math.fround(Math.tanh(3))];
  results.forEach(({ y }, i) =>
    assert.ok(Math.abs(Number(y.data[0]) - expected[i]) < 1e-6)
  );
  sessions[1].close();
  assert.deepEqual([...(await sessions[2].run({})).y.data], [4]);
  await runtime.close();
});

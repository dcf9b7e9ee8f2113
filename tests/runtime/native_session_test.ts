import assert from "node:assert/strict";
import { lowerProgram } from "../../lib/onnx/lower.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { input, tanh } from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import {
  type SessionHost,
  testProgramSessions,
} from "../conformance/program_session_conformance.ts";

/** Sessions on this thread need no host. */
export const nativeHost = (): SessionHost => ({
  load: (model, options) => new NativeSession(model, options),
  close: () => {},
});

testProgramSessions("on this thread", nativeHost);

const x = input("x", ["n"]);
const other = input("other", []);
const program = makeProgram("p", [x, other], { y: tanh(x), z: tanh(other) });

Deno.test("a session knows the names of inputs and outputs, in order", () => {
  const session = new NativeSession(lowerProgram(program), { threads: 1 });
  assert.deepEqual(session.inputNames, ["x", "other"]);
  assert.deepEqual(session.outputNames, ["y", "z"]);
  session.close();
});

Deno.test("arrays that are fed stay with the caller", () => {
  const session = new NativeSession(lowerProgram(program), { threads: 1 });
  const column = Float32Array.of(9, 0, 1, 9);
  const feeds = {
    x: { data: column.subarray(1, 3), shape: [2] },
    other: { data: Float32Array.of(0), shape: [] },
  };
  const { y } = session.run(feeds);
  assert.deepEqual([...y.data], [0, Math.fround(Math.tanh(1))]);
  assert.deepEqual([...column], [9, 0, 1, 9]);
  session.close();
});

Deno.test("bound arrays are kept, not copied", () => {
  const session = new NativeSession(lowerProgram(program), { threads: 1 });
  const data = Float32Array.of(0);
  session.bind({ other: { data, shape: [] } });
  data[0] = 100;
  const { z } = session.run({ x: { data: new Float32Array(1), shape: [1] } });
  assert.deepEqual([...z.data], [1]);
  session.close();
});

import assert from "node:assert/strict";
import { GraphWriter } from "../../lib/onnx/graph_writer.ts";
import { Lowering, runtimeTarget } from "../../lib/onnx/lower.ts";
import { nameOutputs } from "../../lib/onnx/name_outputs.ts";
import { input, negate, type Nodes, tanh } from "../../lib/tensor/build.ts";
import { makeProgram } from "../../lib/tensor/program.ts";

const x = input("x", [2]);

/** Operators with what they read and write, `Tanh x > y`. */
function written(outputs: Nodes): string[] {
  const writer = new GraphWriter();
  const program = makeProgram("p", [x], outputs);
  nameOutputs(new Lowering(writer, runtimeTarget, program), outputs);
  return writer.nodes.map(({ opType, input, output }) =>
    `${opType} ${input.join()} > ${output.join()}`
  );
}

Deno.test("the operator that computes a result writes it by its name", () => {
  const y = tanh(x);
  assert.deepEqual(written({ y, z: negate(y) }), ["Tanh x > y", "Neg y > z"]);
});

Deno.test("what has a name is copied to further names", () => {
  const y = tanh(x);
  assert.deepEqual(written({ y, again: y, x2: x }), [
    "Tanh x > y",
    "Identity y > again",
    "Identity x > x2",
  ]);
});

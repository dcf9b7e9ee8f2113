import assert from "node:assert/strict";
import { GraphWriter, makeValueInfo } from "../../lib/onnx/graph_writer.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import { readOnnx } from "../support/onnx_file.ts";
import { testWithSharedData } from "../support/shared_data.ts";

Deno.test("a written model reads back by the field numbers of the format", () => {
  const writer = new GraphWriter();
  writer.emit("Neg", ["x"], {}, { output: "y" });
  writer.addInitializer("float32", Float32Array.of(1.5, -2), [1, 2], "w");
  const x = makeValueInfo("x", "float32", ["rows", 1, 300]);
  const y = makeValueInfo("y", "int64", []);
  const bytes = encodeModel({
    irVersion: 8,
    producerName: "p",
    producerVersion: "1",
    graph: writer.finish("g", [x], [y]),
    opsetImport: [{ domain: "", version: 18 }, { domain: "d", version: 1 }],
  });
  assert.deepEqual(readOnnx(bytes), {
    irVersion: 8,
    operatorSets: { "": 18, d: 1 },
    inputs: [{ name: "x", type: 1, shape: ["rows", 1, 300] }],
    outputs: [{ name: "y", type: 7, shape: [] }],
    nodes: [{ operator: "Neg", domain: "", inputs: ["x"], outputs: ["y"] }],
    weights: { w: { shape: [1, 2], data: Float32Array.of(1.5, -2) } },
  });
  // The bytes may be handed over to another thread: nothing else is in there.
  assert.equal(bytes.buffer.byteLength, bytes.length);
});

testWithSharedData(
  "the tests' reader understands files of other writers",
  "onnx/Basic.onnx",
  (bytes) => {
    const { operatorSets, inputs } = readOnnx(bytes);
    assert.deepEqual(operatorSets, { "": 9 });
    const names = inputs.map(({ name }) => name);
    assert.deepEqual(names, ["obs_0", "action_masks"]);
  },
);

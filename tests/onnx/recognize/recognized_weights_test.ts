import assert from "node:assert/strict";
import { Unrecognized } from "../../../lib/onnx/recognize/pattern_reader.ts";
import { RecognizedWeights } from "../../../lib/onnx/recognize/recognized_weights.ts";

Deno.test("weights are kept under the names of our layers", () => {
  const weights = new RecognizedWeights();
  const weight = { data: Float32Array.of(1, 2), dims: [2, 1] };
  const bias = Float32Array.of(3);
  weights.addLinear("body.0", { input: "x", weight, bias });
  weights.addVector("lstm.input_bias", Float32Array.of(4, 5));
  assert.deepEqual(weights.arrays, {
    "body.0.weight": { data: Float32Array.of(1, 2), shape: [2, 1] },
    "body.0.bias": { data: Float32Array.of(3), shape: [1] },
    "lstm.input_bias": { data: Float32Array.of(4, 5), shape: [2] },
  });
  assert.throws(
    () => weights.addLinear("bare", { input: "x", weight, bias: null }),
    Unrecognized,
  );
});

import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { decodeModel } from "../../lib/onnx/decode_model.ts";
import { encodeModel, type OnnxNode } from "../../lib/onnx/onnx_schema.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { requireSameActions } from "../../lib/train/compare_models.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const actionSpec = { continuousSize: 2, discreteBranches: [3, 2] };
const observationSpecs = [
  vectorSensor(3),
  visualSensor([3, 20, 24]),
  entitySensor([4, 3]),
];
type Change = (node: OnnxNode) => Partial<OnnxNode>;

/** Compares a policy over all sensors or some with itself after a change. */
function compare(change: Change, sensors = observationSpecs): void {
  const { bytes } = new ExportedPolicy(networkSettings(sensors), actionSpec, {
    memorySize: 4,
  });
  const model = decodeModel(bytes, "m.onnx");
  const { graph } = model;
  const node = graph.node.map((each) => ({ ...each, ...change(each) }));
  const changed = encodeModel({ ...model, graph: { ...graph, node } });
  requireSameActions(
    readUnityModel(bytes, "m.onnx"),
    readUnityModel(changed, "own"),
    "B",
    { observationSpecs: sensors, actionSpec },
  );
}

const refuses = (change: Change, sensors = observationSpecs) =>
  assert.throws(
    () => compare(change, sensors),
    (error) =>
      error instanceof UserError &&
      /^m\.onnx: .*acts in another way/.test(error.message),
  );

Deno.test("a policy acts as it does itself", () => {
  compare(() => ({}));
});

Deno.test("every part of a network counts", () => {
  // The image's encoder, the normalizer, one branch and the memory.
  refuses(({ opType }) =>
    opType === "LeakyRelu" ? { opType: "Relu", attribute: [] } : {}
  );
  refuses(({ opType, attribute }) =>
    opType === "Clip" && attribute.some(({ f }) => f === 5)
      ? { opType: "Tanh", attribute: [] }
      : {}
  );
  refuses(
    ({ opType, output, input }) =>
      opType === "Concat" && output[0] === "deterministic_discrete_actions"
        ? { input: [input[0], input[0]] }
        : {},
    [vectorSensor(3)],
  );
  refuses(({ output }) =>
    output[0] === "recurrent_out" ? { input: ["recurrent_in"] } : {}
  );
});

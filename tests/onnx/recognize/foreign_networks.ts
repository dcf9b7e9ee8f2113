import assert from "node:assert/strict";
import { UserError } from "../../../lib/errors.ts";
import { decodeModel } from "../../../lib/onnx/decode_model.ts";
import { encodeModel, type OnnxNode } from "../../../lib/onnx/onnx_schema.ts";
import { readUnityModel } from "../../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../../lib/onnx/recognize/recognize_policy.ts";
import type { ExportedPolicy } from "../../support/exported_policy.ts";

/**
 * Changes operators of an exported policy and returns the message with which
 * the network in it is refused.
 */
export function refusalAfter(
  { bytes }: ExportedPolicy,
  change: (node: OnnxNode) => Partial<OnnxNode>,
): string {
  const model = decodeModel(bytes, "m.onnx");
  const { graph } = model;
  const node = graph.node.map((each) => ({ ...each, ...change(each) }));
  const changed = encodeModel({ ...model, graph: { ...graph, node } });
  try {
    recognizePolicy(readUnityModel(changed, "m.onnx"));
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  throw new Error("was recognised");
}

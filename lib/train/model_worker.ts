/** The thread that makes models for Unity while training goes on. */
/// <reference lib="deno.worker" />
import { unityModel, type UnityPolicy } from "../onnx/unity_model.ts";

self.onmessage = ({ data: policy }: MessageEvent<UnityPolicy>) => {
  const model = unityModel(policy);
  const { buffer } = model;
  self.postMessage(model, buffer instanceof ArrayBuffer ? [buffer] : []);
};

// From now on there is somebody who does the work.
self.postMessage(null);

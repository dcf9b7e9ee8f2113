import {
  type ReadUnityModel,
  readUnityModel,
} from "../onnx/read_unity_model.ts";
import { fileError } from "../util/file_error.ts";

/** Reads a model for Unity. Throws UserError if it is none, or is not there. */
export async function loadModel(path: string): Promise<ReadUnityModel> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw fileError(`cannot read the model ${path}`, error);
  }
  return readUnityModel(bytes, path);
}

import {
  type ReadUnityModel,
  readUnityModel,
} from "../onnx/read_unity_model.ts";
import { UserError } from "../errors.ts";
import { fileError } from "../util/file_error.ts";

/** Reads a model for Unity. Throws UserError if it is none, or is not there. */
export async function loadModel(path: string): Promise<ReadUnityModel> {
  if (path.endsWith(".safetensors")) {
    throw new UserError({
      place: { file: path },
      what: "this is a checkpoint to resume from and not a model",
      allowed: "a model for Unity (.onnx)",
      cure: "Name the .onnx file that was saved with it.",
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw fileError(`cannot read the model ${path}`, error);
  }
  return readUnityModel(bytes, path);
}

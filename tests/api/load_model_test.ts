import assert from "node:assert/strict";
import { join } from "node:path";
import { loadModel } from "../../lib/api/load_model.ts";
import { UserError } from "../../lib/errors.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import { smallModel } from "../support/made_models.ts";
import { inTemporaryFolder } from "../util/temporary_folder.ts";

Deno.test("a model is read, what is none is refused by its path", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "m.onnx");
    Deno.writeFileSync(path, encodeModel(smallModel()));
    const model = await loadModel(path);
    assert.deepEqual([model.path, model.version], [path, 3]);
    const refuses = (name: string, message: RegExp) =>
      assert.rejects(
        loadModel(join(folder, name)),
        (error) =>
          error instanceof UserError && message.test(error.message) &&
          error.message.includes(join(folder, name)),
      );
    await refuses("n.onnx", /cannot read the model .*nothing there/);
    await refuses(".", /a folder where a file should be/);
    Deno.writeTextFileSync(join(folder, "t.onnx"), "text");
    await refuses("t.onnx", /not a whole ONNX model/);
    await refuses("c.safetensors", /a checkpoint .* not a model.*\n.*\.onnx/);
  }));

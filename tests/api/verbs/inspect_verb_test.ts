import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";
import { refusal } from "../refusal.ts";

Deno.test("inspect takes one file", () => {
  assert.deepEqual(parseCommandLine(["inspect", "a.onnx"]), {
    kind: "inspect",
    path: "a.onnx",
  });
  assert.match(refusal("inspect"), /missing required argument/);
  assert.match(refusal("inspect a b"), /too many arguments/);
});

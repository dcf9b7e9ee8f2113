import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";

Deno.test("schema goes to a file or is printed", () => {
  assert.deepEqual(parseCommandLine(["schema"]), { kind: "schema" });
  for (const option of ["-o", "--output"]) {
    assert.deepEqual(parseCommandLine(["schema", option, "a.json"]), {
      kind: "schema",
      outputPath: "a.json",
    });
  }
  assert.throws(() => parseCommandLine(["schema", "a.json"]), {
    name: "UserError",
  });
});

import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";

Deno.test("permissions takes the words of a run as they are", () => {
  const words = ["a.yaml", "--env=game", "--run-id", "b", "--env-args", "-x"];
  assert.deepEqual(parseCommandLine(["permissions", ...words]), {
    kind: "permissions",
    words,
  });
});

import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";
import { refusal } from "../refusal.ts";

Deno.test("upgrade takes its files and the new one", () => {
  assert.deepEqual(parseCommandLine(["upgrade", "old.yaml"]), {
    kind: "upgrade",
    configPath: "old.yaml",
    beside: {},
    force: false,
  });
  const line = "upgrade old.yaml --curriculum c --sampler s.yaml -o n.yaml " +
    "--force";
  assert.deepEqual(parseCommandLine(line.split(" ")), {
    kind: "upgrade",
    configPath: "old.yaml",
    beside: { curriculum: "c", sampler: "s.yaml" },
    outputPath: "n.yaml",
    force: true,
  });
  assert.match(refusal("upgrade"), /missing required argument/);
  assert.match(refusal("upgrade a.yaml --sampelr b"), /Did you mean --sampler/);
});

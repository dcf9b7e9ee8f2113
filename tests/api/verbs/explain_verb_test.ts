import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";

Deno.test("explain takes the words of a run, and --json wherever it stands", () => {
  const parse = (line: string) => parseCommandLine(line.split(" "));
  const words = ["a.yaml", "--seed", "3", "--resume"];
  assert.deepEqual(parse("explain a.yaml --seed 3 --resume"), {
    kind: "explain",
    words,
    json: false,
  });
  for (
    const line of [
      "explain --json a.yaml --seed 3 --resume",
      "explain a.yaml --seed 3 --json --resume",
    ]
  ) assert.deepEqual(parse(line), { kind: "explain", words, json: true });
  assert.deepEqual(parse("explain"), {
    kind: "explain",
    words: [],
    json: false,
  });
});

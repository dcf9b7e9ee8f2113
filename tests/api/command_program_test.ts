import assert from "node:assert/strict";
import { parseCommandLine } from "../../lib/api/command_line.ts";
import {
  completeOption,
  describeProgram,
} from "../../lib/api/command_program.ts";

Deno.test("shortened options are completed if only one begins so", () => {
  const { program } = describeProgram(() => {});
  const complete = (word: string) => completeOption(word, program);
  assert.equal(complete("--see"), "--seed");
  assert.equal(complete("--see=3"), "--seed=3");
  assert.equal(complete("--env"), "--env");
  assert.equal(complete("--no-graphics"), "--no-graphics");
  for (const word of ["--res", "--no-g", "--", "-s", "a.yaml", "--nothing"]) {
    assert.equal(complete(word), word);
  }
});

Deno.test({
  name: "reading the command line, and its help, takes no permission",
  permissions: "none",
  fn: () => {
    assert.equal(parseCommandLine(["--help"]).kind, "help");
    assert.equal(parseCommandLine(["explain", "--help"]).kind, "help");
    assert.throws(() => parseCommandLine(["--nothing"]), { name: "UserError" });
  },
});

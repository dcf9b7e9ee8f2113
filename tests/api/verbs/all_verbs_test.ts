import assert from "node:assert/strict";
import { parseCommandLine } from "../../../lib/api/command_line.ts";
import { allVerbs } from "../../../lib/api/verbs/all_verbs.ts";

Deno.test("every verb is in the help, and has one of its own", () => {
  const help = (words: readonly string[]) => {
    const command = parseCommandLine([...words, "--help"]);
    return command.kind === "help" ? command.text : assert.fail();
  };
  const names = allVerbs.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) {
    assert.match(help([]), new RegExp(`^ {2}${name} {2,}\\S`, "m"));
    assert.match(help([name]), new RegExp(`^Usage: cli\\.ts ${name} `));
  }
});

/** How wrong command lines are answered, for tests. */
import assert from "node:assert/strict";
import { parseCommandLine } from "../../lib/api/command_line.ts";
import { UserError } from "../../lib/errors.ts";

/** The message with which a line is refused as wrong usage. */
export function refusal(line: string): string {
  try {
    parseCommandLine(line.split(" ").filter((word) => word));
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    return error.message;
  }
  throw new Error(`was accepted: ${line}`);
}

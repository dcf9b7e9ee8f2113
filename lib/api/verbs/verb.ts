import type { Command } from "commander";

/**
 * A word that stands first on the command line, for something else than
 * training. A new one also joins the list in all_verbs.ts, and gets a case in
 * execute_command.ts.
 */
export interface Verb<What> {
  readonly name: string;
  /** Adds the verb, its arguments and options to the program. */
  describe(program: Command): Command;
  /**
   * What the words after the verb ask for, as data.
   *
   * @throws {UserError} for wrong usage.
   */
  read(command: Command): What;
}

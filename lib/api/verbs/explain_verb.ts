import type { Verb } from "./verb.ts";

/** Show the settings that a run would have. */
export interface ExplainCommand {
  readonly kind: "explain";
  /** The words that would start the run. */
  readonly words: readonly string[];
  /** As JSON for programs, without origins. */
  readonly json: boolean;
}

/** `explain [CONFIG.yaml] [options of a run] [--json]` */
export const explainVerb: Verb<ExplainCommand> = {
  name: "explain",
  describe: (program) =>
    program.command("explain")
      .description("show all settings of a run, and where each comes from")
      .argument("[words...]", "a configuration and options, as for training")
      .option("--json", "as JSON, without origins")
      .helpOption("-h, --help", "show this help")
      .allowUnknownOption(),
  read: (command) => {
    const { json = false } = command.opts<{ readonly json?: boolean }>();
    return { kind: "explain", words: command.args, json };
  },
};

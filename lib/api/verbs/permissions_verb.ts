import type { Verb } from "./verb.ts";

/** Say which permissions a run needs. */
export interface PermissionsCommand {
  readonly kind: "permissions";
  /** The words that would start the run. */
  readonly words: readonly string[];
}

/** `permissions [CONFIG.yaml] [options of a run]` */
export const permissionsVerb: Verb<PermissionsCommand> = {
  name: "permissions",
  describe: (program) =>
    program.command("permissions")
      .description("print the narrowest deno command for a run")
      .argument("[words...]", "a configuration and options, as for training")
      .helpOption("-h, --help", "show this help")
      .allowUnknownOption(),
  read: (command) => ({ kind: "permissions", words: command.args }),
};

import type { Verb } from "./verb.ts";

/** Give the JSON Schema of a configuration, for editors. */
export interface SchemaCommand {
  readonly kind: "schema";
  /** The file to write; without one it goes to the standard output. */
  readonly outputPath?: string;
}

/** `schema [-o FILE]` */
export const schemaVerb: Verb<SchemaCommand> = {
  name: "schema",
  describe: (program) =>
    program.command("schema")
      .description("give editors the JSON Schema of a configuration")
      .option("-o, --output <file>", "the file; otherwise it is printed")
      .helpOption("-h, --help", "show this help"),
  read: (command) => {
    const { output } = command.opts<{ readonly output?: string }>();
    return {
      kind: "schema",
      ...output === undefined ? {} : { outputPath: output },
    };
  },
};

/** The verb `schema`: the JSON Schema of a configuration, as a file. */
import { configurationSchema } from "../settings/configuration_schema.ts";
import { writeFileAtomically } from "../util/atomic_file.ts";
import type { CommandOutput } from "./execute_command.ts";
import type { SchemaCommand } from "./verbs/schema_verb.ts";

/** @throws {UserError} if the file cannot be written. */
export async function writeSchema(
  { outputPath }: SchemaCommand,
  { print }: CommandOutput,
): Promise<void> {
  const text = JSON.stringify(configurationSchema(), null, 2);
  if (outputPath === undefined) return print(text);
  await writeFileAtomically(outputPath, `${text}\n`);
  print(
    `${outputPath} is written. In a configuration beside it, this first line ` +
      "tells editors:\n# yaml-language-server: $schema=" +
      outputPath.replace(/^.*[/\\]/, ""),
  );
}

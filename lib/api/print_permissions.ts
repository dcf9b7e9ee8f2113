/** The verb `permissions`: the narrowest command that starts a run. */
import { fileURLToPath } from "node:url";
import { loadSettings } from "../settings/load_settings.ts";
import { groupPermissions } from "../util/permissions.ts";
import { configurationFiles, parseRun } from "./command_line.ts";
import type { CommandOutput } from "./execute_command.ts";
import { modelFiles } from "./model_choice.ts";
import { fromHere, runPermissions } from "./run_permissions.ts";
import type { PermissionsCommand } from "./verbs/permissions_verb.ts";

/**
 * Prints a `deno run` command for the shell, each permission with its reason as
 * a comment above it; nothing is started.
 *
 * @throws {UserError} for the mistakes that would keep the run from starting.
 */
export async function printPermissions(
  { words }: PermissionsCommand,
  { print }: CommandOutput,
): Promise<void> {
  const run = parseRun(words);
  const { configPath, overrides, beside } = run;
  const { settings } = await loadSettings(configPath, overrides, beside);
  const models = run.models ? modelFiles(run.models) : [];
  const needed = runPermissions(settings, configurationFiles(run), models);
  const groups = groupPermissions(needed);
  for (const { name, parts } of groups) {
    for (const { values, reason } of parts) {
      print(`# ${name} ${values.join(", ")}: ${reason}`);
    }
  }
  print(
    [
      "deno run",
      ...groups.map(({ flag }) => quoteWord(flag)),
      [programPath(), ...words].map(quoteWord).join(" "),
    ].join(" \\\n  "),
  );
}

/** The path of the program, as it can be given to `deno run` from here. */
function programPath(): string {
  const url = new URL("../../cli.ts", import.meta.url);
  return url.protocol === "file:" ? fromHere(fileURLToPath(url)) : url.href;
}

/** One word for the shell, whatever is in it. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

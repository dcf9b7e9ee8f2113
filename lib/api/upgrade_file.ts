/** The verb `upgrade`: an old configuration in today's form, as a file. */
import { dirname } from "node:path";
import { describeProblem, UserError } from "../errors.ts";
import { readConfigurationText } from "../settings/configuration_text.ts";
import { type Change, describeChange } from "../settings/legacy/change.ts";
import { loadCompanions } from "../settings/legacy/companions.ts";
import { readConfigurationFile } from "../settings/legacy/configuration_file.ts";
import {
  upgradeConfiguration,
  type Upgraded,
} from "../settings/legacy/upgrade_configuration.ts";
import { resolveSettings } from "../settings/resolve_settings.ts";
import { writeFileAtomically } from "../util/atomic_file.ts";
import { errorCode } from "../util/file_error.ts";
import {
  type NeededPermission,
  requirePermissions,
} from "../util/permissions.ts";
import type { CommandOutput } from "./execute_command.ts";
import type { UpgradeCommand } from "./verbs/upgrade_verb.ts";

/**
 * Writes the new configuration to its file, or prints it, and says line by line
 * what became of the old one. Nothing is written if the result has mistakes.
 *
 * @throws {UserError} for what cannot be upgraded, read or written.
 */
export async function upgradeFile(
  { configPath, beside, outputPath, force }: UpgradeCommand,
  { print, complain }: CommandOutput,
): Promise<void> {
  if (outputPath !== undefined) {
    await requirePermissions(writingPermissions(outputPath));
    if (!force) await refuseToReplace(outputPath);
  }
  const text = await readConfigurationText(configPath);
  const main = readConfigurationFile(text, configPath);
  const upgraded = upgradeConfiguration({
    main,
    ...await loadCompanions(beside),
  });
  const { warnings } = resolveSettings(upgraded.value, {}, upgraded);
  const isNew = upgraded.changes.length > 0;
  const result = isNew ? upgraded.toYaml() : text;
  if (outputPath !== undefined) await writeFileAtomically(outputPath, result);

  // What is printed for another program stays free of remarks.
  const say = outputPath === undefined ? complain : print;
  for (const change of upgraded.changes) say(describeChange(change));
  for (const problem of [...main.yaml.warnings, ...warnings]) {
    complain(`warning: ${describeProblem(problem)}`);
  }
  if (outputPath === undefined) print(result.trimEnd());
  say(
    [
      isNew
        ? `${configPath}, of ${upgraded.era}: ${countChanges(upgraded)}`
        : `${configPath} has today's form`,
      ...outputPath === undefined ? [] : [`${outputPath} is written`],
    ].join("; "),
  );
}

/** An atomic write begins with another file in the same folder. */
function writingPermissions(path: string): NeededPermission[] {
  return (["read", "write"] as const).map((name) => ({
    descriptor: { name, path: dirname(path) },
    reason: "the new configuration",
  }));
}

async function refuseToReplace(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    // Whatever else is wrong with the path shows on writing.
    if (errorCode(error) !== undefined) return;
    throw error;
  }
  throw new UserError({
    what: "exists already",
    place: { file: path },
    cure: "Name another file after -o, or add --force to replace it.",
  });
}

function countChanges({ changes }: Upgraded): string {
  const count = (...kinds: Change["kind"][]) =>
    changes.filter(({ kind }) => kinds.includes(kind)).length;
  return `${count("moved")} moved, ${count("added")} added, ` +
    `${count("dropped")} dropped, ${count("lost")} could not be carried over`;
}

/** The verb `explain`: the settings that a run would have. */
import { describeProblem } from "../errors.ts";
import { explainSettings } from "../settings/explanation.ts";
import { loadSettings } from "../settings/load_settings.ts";
import type { SettingPath } from "../settings/plain_maps.ts";
import { parseRun } from "./command_line.ts";
import { commandOptions } from "./command_options.ts";
import type { CommandOutput } from "./execute_command.ts";
import { retiredOptions } from "./retired_options.ts";
import type { ExplainCommand } from "./verbs/explain_verb.ts";

/**
 * Prints the settings in full, with origins or as JSON; nothing is started.
 *
 * @throws {UserError} for the mistakes that would keep the run from starting.
 */
export async function explainRun(
  { words, json }: ExplainCommand,
  { print, complain }: CommandOutput,
): Promise<void> {
  const { configPath, overrides, beside, warnings } = parseRun(words);
  const resolved = await loadSettings(configPath, overrides, beside);
  for (const problem of [...warnings, ...resolved.warnings]) {
    complain(`warning: ${describeProblem(problem)}`);
  }
  print(
    json
      ? JSON.stringify(resolved.settings, null, 2)
      : explainSettings(resolved, optionFor),
  );
}

/** The option that sets the value at a path. */
function optionFor(path: SettingPath): string {
  const [section] = path;
  const inBehavior = path.slice(section === "behaviors" ? 2 : 1).join(".");
  const taken = retiredOptions.filter((option) => option.kind === "taken");
  const option = [...commandOptions, ...taken].find((each) =>
    each.path.join(".") === (each.everyBehavior ? inBehavior : path.join("."))
  );
  if (option) return option.flags.split(" ")[0];
  return path.at(-1) === "env_args" ? "--env-args" : "an option";
}

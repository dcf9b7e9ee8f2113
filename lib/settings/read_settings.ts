/** Settings from the text of a configuration. */
import { UserError } from "../errors.ts";
import { readConfigurationFile } from "./legacy/configuration_file.ts";
import type { Companions } from "./legacy/companions.ts";
import { upgradeForRun } from "./legacy/upgrade_for_run.ts";
import { type ResolvedSettings, resolveSettings } from "./resolve_settings.ts";
import type { SettingsOverrides } from "./setting_overrides.ts";

/**
 * Reads the text of a configuration of any year; `file` is its name in
 * messages, `companions` are what stood beside it up to 0.16.
 *
 * @throws {UserError} with every finding at its line and column.
 */
export function readSettings(
  text: string,
  file: string,
  overrides: SettingsOverrides = {},
  companions: Companions = {},
): ResolvedSettings {
  const main = readConfigurationFile(text, file);
  const { yaml } = main;
  if ((yaml.value ?? null) === null) {
    throw new UserError({
      what: "has no settings in it",
      place: { file },
      cure: "Write behaviors: into it; to train with the defaults, " +
        "name no file at all.",
    });
  }
  const upgraded = upgradeForRun({ main, ...companions });
  const source = upgraded ?? yaml;
  const resolved = resolveSettings(source.value, overrides, source);
  return {
    ...resolved,
    warnings: [
      ...upgraded ? [upgraded.notice] : [],
      ...yaml.warnings,
      ...resolved.warnings,
    ],
  };
}

/** The settings of a run without a configuration: PPO for any behavior. */
export function defaultSettings(
  overrides: SettingsOverrides = {},
  companions: Companions = {},
): ResolvedSettings {
  if (Object.keys(companions).length === 0) {
    return resolveSettings({ default_settings: {} }, overrides);
  }
  const text = "default_settings: {}";
  return readSettings(text, "the defaults", overrides, companions);
}

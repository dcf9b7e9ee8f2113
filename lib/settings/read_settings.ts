/** Settings from the text of a configuration. */
import { UserError } from "../errors.ts";
import { type ResolvedSettings, resolveSettings } from "./resolve_settings.ts";
import type { SettingsOverrides } from "./setting_overrides.ts";
import { readYaml } from "./yaml_source.ts";

/**
 * Reads the text of a configuration; `file` is its name in messages.
 *
 * @throws {UserError} with every finding at its line and column.
 */
export function readSettings(
  text: string,
  file: string,
  overrides: SettingsOverrides = {},
): ResolvedSettings {
  const source = readYaml(text, file);
  if ((source.value ?? null) === null) {
    throw new UserError({
      what: "has no settings in it",
      place: { file },
      cure: "Write behaviors: into it; to train with the defaults, " +
        "name no file at all.",
    });
  }
  const resolved = resolveSettings(source.value, overrides, source);
  return { ...resolved, warnings: [...source.warnings, ...resolved.warnings] };
}

/** The settings of a run without a configuration: PPO for any behavior. */
export function defaultSettings(
  overrides: SettingsOverrides = {},
): ResolvedSettings {
  return resolveSettings({ default_settings: {} }, overrides);
}

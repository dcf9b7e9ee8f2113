/** Settings from the text of a configuration. */
import {
  type ResolvedSettings,
  resolveSettings,
  type SettingsOverrides,
} from "./resolve_settings.ts";
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
  if (source.value === undefined) {
    const { settings, warnings } = defaultSettings(overrides);
    const what = "is empty, so every behavior trains with PPO's defaults";
    return { settings, warnings: [{ what, place: { file } }, ...warnings] };
  }
  const { settings, warnings } = resolveSettings(
    source.value,
    overrides,
    source,
  );
  return { settings, warnings: [...source.warnings, ...warnings] };
}

/** The settings of a run without a configuration: PPO for any behavior. */
export function defaultSettings(
  overrides: SettingsOverrides = {},
): ResolvedSettings {
  return resolveSettings({ default_settings: {} }, overrides);
}

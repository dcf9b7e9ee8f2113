/** Settings from a configuration file. */
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import { readConfigurationText } from "./configuration_text.ts";
import { type CompanionPaths, loadCompanions } from "./legacy/companions.ts";
import { defaultSettings, readSettings } from "./read_settings.ts";
import type { ResolvedSettings } from "./resolve_settings.ts";
import type { SettingsOverrides } from "./setting_overrides.ts";

/**
 * Reads a configuration file of any year; without one, every behavior trains
 * with the defaults. Files beside it, which it had up to 0.16, are merged in.
 *
 * @throws {UserError} if it is missing, unreadable, no text or has mistakes.
 */
export async function loadSettings(
  path: string | URL | undefined,
  overrides: SettingsOverrides = {},
  beside: CompanionPaths = {},
): Promise<ResolvedSettings> {
  if (path instanceof URL && path.protocol !== "file:") {
    throw new UserError({
      what: "a configuration is read from files only",
      found: path.href,
      cure: "Download it first.",
    });
  }
  const companions = await loadCompanions(beside);
  if (path === undefined) return defaultSettings(overrides, companions);
  const file = path instanceof URL ? fileURLToPath(path) : path;
  const text = await readConfigurationText(file);
  return readSettings(text, file, overrides, companions);
}

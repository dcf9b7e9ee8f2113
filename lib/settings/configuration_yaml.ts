/** The text of `configuration.yaml`. */
import { stringify } from "yaml";
import type { RunConfiguration, RunSettings } from "./run_settings.ts";

/**
 * Settings of either form as YAML 1.1, nulls included; reading it back gives the
 * same settings. ML-Agents refuses `lockstep`, which it does not know, so it is
 * there only where it is set.
 */
export function configurationYaml(
  settings: RunConfiguration | RunSettings,
): string {
  const { lockstep, ...known } = settings.env_settings ?? {};
  const readable = lockstep === false
    ? { ...settings, env_settings: known }
    : settings;
  return stringify(readable, {
    version: "1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}

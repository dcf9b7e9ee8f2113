/** The text of `configuration.yaml`. */
import { stringify } from "yaml";
import type { RunConfiguration, RunSettings } from "./run_settings.ts";

/**
 * Settings of either form as YAML 1.1, nulls included; reading it back gives the
 * same settings.
 */
export function configurationYaml(
  settings: RunConfiguration | RunSettings,
): string {
  return stringify(settings, {
    version: "1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}

/** The text of `configuration.yaml`. */
import { stringify } from "yaml";
import type { RunSettings } from "./run_settings.ts";

/**
 * Settings as YAML 1.1 in the reference's key order, nulls included; reading it
 * back gives the same settings.
 */
export function configurationYaml(settings: RunSettings): string {
  return stringify(settings, {
    version: "1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}

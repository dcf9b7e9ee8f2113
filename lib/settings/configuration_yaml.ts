/** The text of `configuration.yaml`. */
import { stringify } from "yaml";
import { ownHyperparameters } from "./hyperparameters.ts";
import type { RunConfiguration, RunSettings } from "./run_settings.ts";

/** Keys that ML-Agents does not know, and their values where they are not set. */
const ours = Object.entries({
  lockstep: false,
  model_version: null,
  ...ownHyperparameters,
});

/**
 * Settings of either form as YAML 1.1, nulls included; reading it back gives the
 * same settings. ML-Agents refuses keys that it does not know, so ours are there
 * only where they are set.
 */
export function configurationYaml(
  settings: RunConfiguration | RunSettings,
): string {
  const leaveOut = (key: unknown, value: unknown) =>
    ours.some(([name, unset]) => name === key && unset === value)
      ? undefined
      : value;
  return stringify(settings, leaveOut, {
    version: "1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}

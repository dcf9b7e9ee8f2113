/** How `default_settings` lies beneath each entry of `behaviors`. */
import type { Finding } from "./findings.ts";
import {
  isPlainMap,
  mapEntries,
  overlay,
  type PlainMap,
} from "./plain_maps.ts";

/** The configuration with merged behaviors. */
export interface Merged {
  readonly configuration: unknown;
  readonly warnings: readonly Finding[];
}

/**
 * Lays every behavior over `default_settings`, key by key, as the user wrote
 * both: values that derive from others are computed later, from the result.
 *
 * - Reward signals unite, and `extrinsic` is among the default ones unless
 *   `default_settings` says otherwise.
 * - Hyperparameters are those of one trainer: a behavior with another
 *   `trainer_type` takes none of them over.
 */
export function mergeDefaultSettings(configuration: unknown): Merged {
  const warnings: Finding[] = [];
  const defaults = isPlainMap(configuration) && configuration.default_settings;
  if (!isPlainMap(defaults)) return { configuration, warnings };

  const merge = (own: unknown, name: string): unknown => {
    if (!isPlainMap(own)) return own;
    const trainerType = own.trainer_type ?? trainerTypeOf(defaults);
    const { hyperparameters, ...rest } = defaults;
    const same = trainerType === trainerTypeOf(defaults);
    if (!same && hyperparameters !== undefined) {
      warnings.push({
        path: ["behaviors", name, "trainer_type"],
        what: "the hyperparameters of default_settings are not taken over, " +
          `they are for ${trainerTypeOf(defaults)}`,
      });
    }
    return overlay({
      reward_signals: { extrinsic: {} },
      ...same ? defaults : rest,
    }, own);
  };

  return {
    configuration: mapEntries(
      configuration,
      (value, key) => key === "behaviors" ? mapEntries(value, merge) : value,
    ),
    warnings,
  };
}

/** The trainer that a behavior as written names, or means. */
export function trainerTypeOf(settings: PlainMap): unknown {
  return settings.trainer_type ?? "ppo";
}

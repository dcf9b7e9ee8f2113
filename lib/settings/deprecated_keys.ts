/** Keys of earlier years that still stand in files of today's layout. */
import type { Finding } from "./findings.ts";
import { isPlainMap, mapEntries, type SettingPath } from "./plain_maps.ts";

/** The configuration in today's keys, and what was changed. */
export interface Modernized {
  readonly configuration: unknown;
  readonly warnings: readonly Finding[];
}

/**
 * Drops `framework` and turns a reward signal's `encoding_size` into the
 * `hidden_units` of its network, where that has no settings of its own.
 */
export function replaceDeprecatedKeys(configuration: unknown): Modernized {
  const warnings: Finding[] = [];
  const warn = (path: SettingPath, what: string) =>
    warnings.push({ path, what, atKey: true });

  const signal = (given: unknown, path: SettingPath): unknown => {
    if (!isPlainMap(given) || !("encoding_size" in given)) return given;
    const { encoding_size, ...rest } = given;
    if (encoding_size === null) return rest;
    const obsolete = [...path, "encoding_size"];
    if ("network_settings" in rest) {
      warn(obsolete, "without effect beside network_settings");
      return rest;
    }
    warn(obsolete, "is now network_settings.hidden_units, and taken as that");
    return { ...rest, network_settings: { hidden_units: encoding_size } };
  };

  const behavior = (given: unknown, path: SettingPath): unknown => {
    if (!isPlainMap(given)) return given;
    const { framework, ...rest } = given;
    if (framework !== undefined) {
      warn([...path, "framework"], "has no meaning any more, ignored");
    }
    return mapEntries(
      rest,
      (value, key) =>
        key !== "reward_signals" ? value : mapEntries(
          value,
          (each, name) =>
            name === "extrinsic" ? each : signal(each, [...path, key, name]),
        ),
    );
  };

  return {
    configuration: mapEntries(configuration, (value, key) => {
      if (key === "default_settings") return behavior(value, [key]);
      if (key !== "behaviors") return value;
      return mapEntries(value, (each, name) => behavior(each, [key, name]));
    }),
    warnings,
  };
}

/** What wins over a configuration, and how it is laid over it. */
import { trainerTypeOf } from "./default_settings.ts";
import {
  isPlainMap,
  mapEntries,
  overlay,
  overlayMaps,
  type PlainMap,
  valueAt,
} from "./plain_maps.ts";

/** What wins over a configuration: the command line, or code. */
export interface SettingsOverrides {
  /** Laid over the whole configuration, in its structure. */
  readonly run?: PlainMap;
  /** Laid over every behavior, also over `default_settings`. */
  readonly everyBehavior?: PlainMap;
  /** Laid over single behaviors, by their names. */
  readonly singleBehaviors?: Readonly<Record<string, PlainMap>>;
}

/**
 * Lays overrides over a configuration. Reward signals for every or for single
 * behaviors come on top of those that the behavior has, the `extrinsic` one that
 * it has unwritten among them.
 */
export function layOverrides(
  written: unknown,
  { run = {}, everyBehavior = {}, singleBehaviors = {} }: SettingsOverrides,
): unknown {
  const named = mapEntries(singleBehaviors, () => ({}));
  const configuration = overlayConfiguration(
    written,
    overlayMaps(
      Object.keys(singleBehaviors).length > 0 ? { behaviors: named } : {},
      run,
    ),
  );
  const inherits = isPlainMap(valueAt(configuration, ["default_settings"]));
  return mapEntries(configuration, (value, section) => {
    if (section === "default_settings") return addTo(value, everyBehavior);
    if (section !== "behaviors") return value;
    return mapEntries(value, (behavior, name) => {
      const over = overlayMaps(everyBehavior, singleBehaviors[name] ?? {});
      return addTo(behavior, over, inherits);
    });
  });
}

/**
 * Lays one configuration over another: mappings join key by key, the rest
 * replaces. An environment parameter is replaced as a whole, and a behavior that
 * changes its `trainer_type` loses its hyperparameters: they are for the other
 * trainer.
 */
export function overlayConfiguration(under: unknown, over: PlainMap): unknown {
  const { environment_parameters: parameters, ...rest } = over;
  const joined = overlay(dropOtherTrainers(under, rest), rest);
  if (parameters === undefined || !isPlainMap(joined)) return joined;
  const earlier = joined.environment_parameters;
  return {
    ...joined,
    environment_parameters: isPlainMap(earlier) && isPlainMap(parameters)
      ? { ...earlier, ...parameters }
      : parameters,
  };
}

function dropOtherTrainers(written: unknown, over: PlainMap): unknown {
  const drop = (behavior: unknown, path: readonly string[]): unknown => {
    const trainerType = valueAt(over, [...path, "trainer_type"]);
    if (!isPlainMap(behavior) || trainerType === undefined) return behavior;
    const { hyperparameters: _, ...rest } = behavior;
    return trainerType === trainerTypeOf(behavior) ? behavior : rest;
  };
  return mapEntries(written, (value, section) => {
    if (section === "default_settings") return drop(value, [section]);
    if (section !== "behaviors") return value;
    return mapEntries(value, (each, name) => drop(each, [section, name]));
  });
}

/** `inherits`: signals that are not written come from `default_settings`. */
function addTo(behavior: unknown, over: PlainMap, inherits = false): unknown {
  if (!isPlainMap(behavior)) return behavior;
  const startsBare = !inherits && behavior.reward_signals === undefined &&
    over.reward_signals !== undefined;
  return overlay(
    startsBare ? { ...behavior, reward_signals: { extrinsic: {} } } : behavior,
    over,
  );
}

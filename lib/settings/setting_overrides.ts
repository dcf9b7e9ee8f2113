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
  readonly singleBehaviors?: PlainMap;
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
  const under = written ?? {};
  if (!isPlainMap(under)) return under;
  const configuration = overlayConfiguration(under, run);
  const behaviors = Object.keys(singleBehaviors).length === 0
    ? configuration.behaviors
    : overlay(configuration.behaviors, mapEntries(singleBehaviors, () => ({})));
  const inherits = isPlainMap(configuration.default_settings);
  return {
    ...configuration,
    ...inherits && {
      default_settings: addTo(configuration.default_settings, everyBehavior),
    },
    ...behaviors !== undefined && {
      behaviors: mapEntries(behaviors, (behavior, name) => {
        const added = addTo(behavior, everyBehavior, inherits);
        return addTo(added, singleBehaviors[name], inherits);
      }),
    },
  };
}

/**
 * Lays one configuration over another: mappings join key by key, the rest
 * replaces. An environment parameter is replaced as a whole, and a behavior that
 * changes its `trainer_type` loses its hyperparameters: they are for the other
 * trainer.
 */
export function overlayConfiguration(
  under: PlainMap,
  over: PlainMap,
): PlainMap {
  const trainerless = mapEntries(under.behaviors, (behavior, name) => {
    return withoutOtherTrainer(behavior, valueAt(over.behaviors, [name]));
  });
  const parameters = [under, over].map((each) => each.environment_parameters);
  return {
    ...overlayMaps(under, over),
    ...over.behaviors !== undefined && {
      behaviors: overlay(trainerless, over.behaviors),
    },
    ...over.default_settings !== undefined && {
      default_settings: overlay(
        withoutOtherTrainer(under.default_settings, over.default_settings),
        over.default_settings,
      ),
    },
    ...parameters.every(isPlainMap) && {
      environment_parameters: Object.assign({}, ...parameters),
    },
  };
}

function withoutOtherTrainer(under: unknown, over: unknown): unknown {
  if (!isPlainMap(under) || !isPlainMap(over)) return under;
  const { hyperparameters: _, ...rest } = under;
  const isSame = over.trainer_type === undefined ||
    over.trainer_type === trainerTypeOf(under);
  return isSame ? under : rest;
}

/** `inherits`: signals that are not written come from `default_settings`. */
function addTo(behavior: unknown, over: unknown, inherits = false): unknown {
  if (!isPlainMap(behavior) || !isPlainMap(over)) return behavior;
  const startsBare = !inherits && behavior.reward_signals === undefined &&
    over.reward_signals !== undefined;
  return overlay(
    startsBare ? { ...behavior, reward_signals: { extrinsic: {} } } : behavior,
    over,
  );
}

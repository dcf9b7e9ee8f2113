/** Where the values of resolved settings come from. */
import type { SourcePlace } from "../errors.ts";
import { type SettingPath, valueAt } from "./plain_maps.ts";
import type { RunSettings } from "./run_settings.ts";
import type { SettingsOverrides } from "./setting_overrides.ts";

/** Where a value comes from. */
export type SettingOrigin =
  | { readonly kind: "default" }
  /** It follows another setting of the same section. */
  | { readonly kind: "follows"; readonly key: string }
  /** The configuration; a place if that is a file. */
  | { readonly kind: "written"; readonly place?: SourcePlace }
  /** The command line, or code. */
  | { readonly kind: "override" };

/** What {@link originOf} looks into. */
export interface SettingSources {
  /** The configuration as it is written. */
  readonly written: unknown;
  readonly overrides: SettingsOverrides;
  /** The place of a key or its value; absent for objects. */
  readonly place?: (path: SettingPath, atKey: boolean) => SourcePlace;
}

/** Settings that follow others unless they are written, with their sections. */
const followers: Readonly<Record<string, string>> = {
  "hyperparameters.beta_schedule": "learning_rate_schedule",
  "hyperparameters.epsilon_schedule": "learning_rate_schedule",
  "hyperparameters.reward_signal_steps_per_update": "steps_per_update",
  "self_play.team_change": "save_steps",
  "behavioral_cloning.batch_size": "hyperparameters.batch_size",
};

/** The origin of the resolved value at a path. */
export function originOf(
  path: SettingPath,
  settings: RunSettings,
  sources: SettingSources,
): SettingOrigin {
  const key = path.at(-1);
  const siblings = path.slice(0, -1);
  if (
    key === "checkpoint_interval" &&
    valueAt(settings, [...siblings, "even_checkpoints"]) === true
  ) return { kind: "follows", key: "even_checkpoints" };

  const written = directOrigin(path, sources) ??
    inheritedOrigin(path, settings, sources);
  if (written) return written;
  const leader = followers[path.slice(-2).join(".")];
  return leader === undefined
    ? { kind: "default" }
    : { kind: "follows", key: leader };
}

/** What stands at this very path, if anything does. */
function directOrigin(
  path: SettingPath,
  { written, overrides, place }: SettingSources,
): SettingOrigin | undefined {
  const isOverridden = overridesOf(path, overrides)
    .some((root) => whereItStands(root, path) !== undefined);
  if (isOverridden) return { kind: "override" };
  const stands = whereItStands(written, path);
  if (stands === undefined) return undefined;
  return { kind: "written", ...place && { place: place(stands, false) } };
}

/** What a behavior takes over from `default_settings`. */
function inheritedOrigin(
  [section, name, ...rest]: SettingPath,
  { behaviors, default_settings }: RunSettings,
  sources: SettingSources,
): SettingOrigin | undefined {
  if (section !== "behaviors" || default_settings === null) return undefined;
  const isOfOtherTrainer = rest[0] === "hyperparameters" &&
    behaviors[name].trainer_type !== default_settings.trainer_type;
  return isOfOtherTrainer
    ? undefined
    : directOrigin(["default_settings", ...rest], sources);
}

/**
 * Whether a mistake at a path is to be sought in the overrides, because they
 * lead further along it than what is written.
 */
export function comesFromOverride(
  path: SettingPath,
  { written, overrides }: SettingSources,
): boolean {
  const depth = (root: unknown) =>
    path.filter((_, i) => valueAt(root, path.slice(0, i + 1)) !== undefined)
      .length;
  return path.length > 0 && overridesOf(path, overrides)
    .map(depth)
    .some((found) => found > depth(written) || found === path.length);
}

/** The overrides, each in the structure of a configuration. */
function overridesOf(
  path: SettingPath,
  { run, everyBehavior, singleBehaviors }: SettingsOverrides,
): unknown[] {
  if (path.length === 1) return [run];
  return [
    run,
    { behaviors: singleBehaviors },
    {
      default_settings: everyBehavior,
      // The name itself is never one of its own.
      ...path.length > 2 && { behaviors: { [path[1]]: everyBehavior } },
    },
  ];
}

/**
 * The path at which a value is written: its own, or that of a value that stands
 * for a whole mapping, as a number does for a sampler. Undefined if neither is
 * there.
 */
function whereItStands(
  root: unknown,
  resolvedPath: SettingPath,
): SettingPath | undefined {
  const path = inUserForm(root, resolvedPath);
  return path?.map((_, i) => path.slice(0, i + 1)).find((part) => {
    const value = valueAt(root, part);
    return value !== undefined &&
      (part.length === path.length || typeof value !== "object");
  });
}

/** Where the user form has what the resolved form keeps in a curriculum. */
function inUserForm(
  root: unknown,
  path: SettingPath,
): SettingPath | undefined {
  const [section, name, list, , key, ...rest] = path;
  if (section !== "environment_parameters" || list === undefined) return path;
  if (valueAt(root, [section, name, list]) !== undefined) return path;
  return key === "value" ? [section, name, ...rest] : undefined;
}

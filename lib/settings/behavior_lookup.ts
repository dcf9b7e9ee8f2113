/** Which settings a behavior of the environment trains with. */
import { nearestName, type Problem, UserError } from "../errors.ts";
import type { BehaviorSettings } from "./behavior_settings.ts";
import { checkBehaviorName } from "./path_names.ts";
import type { RunSettings } from "./run_settings.ts";

/**
 * The settings of a behavior, by its name without the team; unlisted ones take
 * `default_settings`.
 *
 * @throws {UserError} if it is neither listed nor covered by defaults.
 */
export function findBehaviorSettings(
  settings: RunSettings,
  name: string,
): BehaviorSettings {
  const found = findSettings(settings, name);
  if (found) return found;
  throw new UserError(unlisted(settings, name));
}

/**
 * What keeps behaviors of the environment from training: a name that cannot be
 * a folder, or no settings.
 */
export function checkBehaviors(
  settings: RunSettings,
  namesInEnvironment: readonly string[],
): Problem[] {
  return namesInEnvironment.flatMap((name) => {
    const unfit = checkBehaviorName(name);
    if (unfit) return [unfit];
    return findSettings(settings, name) ? [] : [unlisted(settings, name)];
  });
}

/** Listed behaviors that the environment does not have. */
export function missingBehaviors(
  { behaviors }: RunSettings,
  namesInEnvironment: readonly string[],
): string[] {
  return Object.keys(behaviors)
    .filter((name) => !namesInEnvironment.includes(name));
}

/**
 * Those of them that are not of other scenes either: all, if the environment has
 * none of the listed ones; otherwise those that may be meant for what it has
 * unlisted.
 */
export function misnamedBehaviors(
  settings: RunSettings,
  namesInEnvironment: readonly string[],
): Problem[] {
  const unlisted = namesInEnvironment
    .filter((name) => !Object.hasOwn(settings.behaviors, name));
  const fits = unlisted.length < namesInEnvironment.length;
  return missingBehaviors(settings, namesInEnvironment).flatMap((name) => {
    const near = nearestName(name, unlisted);
    if (fits && near === undefined) return [];
    return [{
      path: `behaviors.${name}`,
      what: "the environment has no such behavior",
      allowed: namesInEnvironment.join(", ") || "none: it has no behaviors",
      ...near === undefined ? {} : { cure: `Did you mean ${near}?` },
    }];
  });
}

function findSettings(
  settings: RunSettings,
  name: string,
): BehaviorSettings | null {
  return Object.hasOwn(settings.behaviors, name)
    ? settings.behaviors[name]
    : settings.default_settings;
}

function unlisted(settings: RunSettings, name: string): Problem {
  const listed = Object.keys(settings.behaviors);
  const near = nearestName(name, listed);
  return {
    what: `no settings for the environment's behavior ${JSON.stringify(name)}`,
    found: listed.length > 0 ? `behaviors ${listed.join(", ")}` : "none",
    cure: near === undefined
      ? "Write it under behaviors, or give default_settings for all."
      : `Is ${near} under behaviors meant to be ${name}?`,
  };
}

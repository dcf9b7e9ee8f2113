/** What settings may ask for and training cannot do yet. */
import type { Problem } from "../errors.ts";
import type { BehaviorSettings } from "./behavior_settings.ts";
import type { RunSettings } from "./run_settings.ts";

/** The features of a behavior's settings that training does not have yet. */
export function unsupportedFeatures(
  behaviorName: string,
  settings: BehaviorSettings,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (key: string) =>
    problems.push({
      path: `behaviors.${behaviorName}.${key}`,
      what: "is not supported by this version yet",
    });
  for (const signal of Object.keys(settings.reward_signals)) {
    if (signal !== "extrinsic") refuse(`reward_signals.${signal}`);
  }
  if (settings.self_play) refuse("self_play");
  if (settings.behavioral_cloning) refuse("behavioral_cloning");
  return problems;
}

/** The features of the whole run that training does not have yet. */
export function unsupportedRunFeatures(settings: RunSettings): Problem[] {
  return Object.entries(settings.environment_parameters)
    .filter(([, { curriculum }]) => curriculum.length > 1)
    .map(([name]) => ({
      path: `environment_parameters.${name}.curriculum`,
      what: "is not supported by this version yet",
      found: "several lessons",
      cure: "Give one value or sampler.",
    }));
}

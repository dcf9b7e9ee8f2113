import {
  type EncoderSettings,
  goalSensors,
} from "../nn/observation_encoder.ts";
import { describeSensor } from "../nn/observation_kind.ts";

/**
 * One line where there are goals but none that can condition the network: those
 * of variable length cannot (reference 1.6), nor those without values. Undefined
 * where all is as the settings say.
 */
export function adviseOnGoals(
  settings: Pick<
    EncoderSettings,
    "observationSpecs" | "goal_conditioning_type"
  >,
): string | undefined {
  const goals = settings.observationSpecs.filter(({ observationType }) =>
    observationType === "goal"
  );
  const isAsked = settings.goal_conditioning_type === "hyper";
  if (!isAsked || goals.length === 0 || goalSensors(settings).length > 0) {
    return undefined;
  }
  const names = goals.map(describeSensor).join(" and ");
  return "goal_conditioning_type: hyper has no effect. A goal of variable " +
    `length, or without values, cannot condition a network: ${names}.`;
}

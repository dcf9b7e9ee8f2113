import type { BehaviorSteps } from "../env/env.ts";
import { UserError } from "../errors.ts";
import { describeSensor } from "../nn/observation_kind.ts";
import { type BehaviorSpec, observationSize } from "../spec.ts";
import { namedProblem } from "./named_problem.ts";
import type { Member } from "./pool_member.ts";

/**
 * Throws a UserError that names the sensor and the agent where an observation
 * is no finite number: a network would make it of all its weights.
 */
export function checkObservations(
  { name }: Member,
  fullName: string,
  { observationSpecs }: BehaviorSpec,
  { decision, terminal }: BehaviorSteps,
): void {
  for (const { count, agentIds, observations } of [decision, terminal]) {
    observationSpecs.forEach((spec, sensor) => {
      const size = observationSize(spec);
      const at = notFinite(observations[sensor], count * size);
      if (at < 0) return;
      const agent = agentIds[Math.floor(at / size)];
      throw new UserError(namedProblem(name, {
        path: fullName,
        what: `${describeSensor(spec)} of agent ${agent} gives a value that ` +
          "is not a finite number",
        found: `${observations[sensor][at]} as value ${at % size}`,
        cure: "Nothing is learned from it. Look for a division by zero where " +
          "the sensor is filled, and for extreme environment_parameters.",
      }));
    });
  }
}

/** Where the first value is that is not finite; -1 where all are. */
function notFinite(values: Float32Array, count: number): number {
  // Sums of float32 cannot overflow: all are finite if their sum is.
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  if (Number.isFinite(sum)) return -1;
  return values.findIndex((value) => !Number.isFinite(value));
}

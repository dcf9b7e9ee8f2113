import type { Problem } from "../errors.ts";
import type { BehaviorSpec } from "../spec.ts";

/** The sensors of a behavior that networks of this version cannot take. */
export function untrainableSensors(
  behavior: string,
  { observationSpecs }: BehaviorSpec,
): Problem[] {
  return observationSpecs
    .filter(({ shape }) => shape.length !== 1)
    .map(({ name, shape }) => ({
      what: `This version cannot train on the observations of sensor "${name}"`,
      path: behavior,
      found: `shape [${shape.join(", ")}]`,
      allowed: "vectors: shape [size]",
      cure: "Remove the sensor from the agent, or train on a vector instead.",
    }));
}

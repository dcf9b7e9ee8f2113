/** Values that change over a run (reference 3.1). */

export type Schedule = "constant" | "linear";

/** Floors of the linear schedule; the shipped hyperparameters are tuned to them. */
export const scheduleFloor = {
  learning_rate: 1e-10,
  epsilon: 0.1,
  beta: 1e-5,
} as const;

/**
 * The value at `step`: constant, or from `initial` at step 0 in a straight line
 * to `floor` at `maxSteps` and beyond.
 */
export function scheduledValue(
  schedule: Schedule,
  initial: number,
  floor: number,
  step: number,
  maxSteps: number,
): number {
  if (schedule === "constant") return initial;
  const left = 1 - Math.min(step, maxSteps) / maxSteps;
  return (initial - floor) * left + floor;
}

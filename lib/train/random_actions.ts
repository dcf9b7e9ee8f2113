import type { Rollout } from "../data/rollout.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { SourceActions } from "./trainer.ts";

/**
 * Replaces actions by others that know nothing: continuous ones uniform in
 * [-1, 1), discrete ones uniform among those that are allowed. They belong to
 * the newest rows of the rollout, which keeps what is drawn.
 */
export function drawRandomActions(
  rollout: Rollout,
  chosen: readonly SourceActions[],
  random: RandomGenerator,
): void {
  const { continuousSize, discreteBranches } = rollout.spec.actionSpec;
  const branches = discreteBranches.length;
  const choices = discreteBranches.reduce((sum, size) => sum + size, 0);
  const rows = chosen.map(({ actions: { continuous, discrete } }) =>
    branches > 0
      ? discrete.length / branches
      : continuous.length / continuousSize
  );
  let row = rollout.size - rows.reduce((sum, count) => sum + count, 0);
  chosen.forEach(({ actions: { continuous, discrete } }, source) => {
    for (let i = 0; i < continuous.length; i++) {
      continuous[i] = random.between(-1, 1);
    }
    rollout.continuous.set(continuous, row * continuousSize);
    let mask = row * choices;
    for (let i = 0; i < discrete.length; i++) {
      const size = discreteBranches[i % branches];
      const allowed = rollout.mask.subarray(mask, mask + size);
      discrete[i] = drawAllowed(allowed, random);
      mask += size;
    }
    rollout.discrete.set(discrete, row * branches);
    row += rows[source];
  });
}

/** The number of an entry that is not 0. */
function drawAllowed(mask: Float32Array, random: RandomGenerator): number {
  const allowed: number[] = [];
  mask.forEach((each, choice) => {
    if (each !== 0) allowed.push(choice);
  });
  return allowed[random.integer(allowed.length)] ?? 0;
}

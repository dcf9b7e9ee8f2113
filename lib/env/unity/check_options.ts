import { UserError } from "../../errors.ts";
import type { UnityEnvironmentOptions } from "./unity_environment_options.ts";

/** Seeds travel as 32-bit integers. */
const LEAST_SEED = -(2 ** 31);
const LARGEST_SEED = 2 ** 31 - 1;

/** Throws a UserError for a number that no player can be started with. */
export function checkOptions(
  { workerId = 0, seed = 0, numAreas = 1, timeoutWait = 1 }:
    UnityEnvironmentOptions,
): void {
  if (!(Number.isInteger(workerId) && workerId >= 0)) {
    throw wrong("workerId", workerId, "a whole number, 0 or more");
  }
  if (!(Number.isInteger(seed) && seed >= LEAST_SEED && seed <= LARGEST_SEED)) {
    const allowed = `a whole number, ${LEAST_SEED} to ${LARGEST_SEED}`;
    throw wrong("seed", seed, allowed);
  }
  if (!(Number.isInteger(numAreas) && numAreas >= 1)) {
    throw wrong("numAreas", numAreas, "a whole number, 1 or more");
  }
  if (!(timeoutWait > 0)) {
    throw wrong("timeoutWait", timeoutWait, "seconds, more than 0");
  }
}

function wrong(path: string, found: number, allowed: string): UserError {
  return new UserError({
    what: "A Unity player cannot be started like this",
    path,
    found: String(found),
    allowed,
  });
}

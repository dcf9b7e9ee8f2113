import { nearestName, UserError } from "../../errors.ts";
import type { Environment } from "../env.ts";
import { createSimulator, simulatorNames } from "../sims/registry.ts";

/** In front of a built-in simulator's name, where a path could stand too. */
const PREFIX = "sim:";

/**
 * How to make the simulator of a name with its `sim:`. Throws a UserError if
 * there is none.
 */
export function simulatorFactory(
  name: string,
): (seed: number, areaGroups: number) => Environment {
  const names = simulatorNames.map((known) => PREFIX + known);
  if (names.includes(name)) {
    return (seed, areaGroups) =>
      createSimulator(name.slice(PREFIX.length), { seed, areaGroups });
  }
  const nearest = nearestName(name, names) ?? nearestName(PREFIX + name, names);
  throw new UserError({
    what: "There is no such built-in simulator",
    found: `"${name}"`,
    allowed: names.join(", "),
    cure: nearest && `Did you mean ${nearest}?`,
  });
}

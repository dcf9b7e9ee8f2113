/** The built-in simulators by name. */
import { nearestName, UserError } from "../../errors.ts";
import type { Environment } from "../env.ts";
import { Basic } from "./basic.ts";
import type { SimulatorOptions } from "./simulator.ts";
import { ThreeDBall } from "./three_d_ball.ts";

/** A simulator's class: how to make one, and the areas of Unity's scene. */
interface SimulatorClass {
  readonly defaultAreas: number;
  new (options: SimulatorOptions): Environment;
}

const simulators: ReadonlyMap<string, SimulatorClass> = new Map<
  string,
  SimulatorClass
>([
  ["3DBall", ThreeDBall],
  ["Basic", Basic],
]);

/** What may follow `sim:`. */
export const simulatorNames: readonly string[] = [...simulators.keys()];

/**
 * Makes the simulator of a name (without `sim:`), with `areaGroups` times the
 * areas of Unity's scene. Throws a UserError for an unknown name.
 */
export function createSimulator(
  name: string,
  options: { seed: number; areaGroups?: number },
): Environment {
  const simulator = simulators.get(name);
  if (!simulator) {
    const nearest = nearestName(name, simulatorNames);
    throw new UserError({
      what: "There is no such simulator",
      found: `"${name}"`,
      allowed: simulatorNames.join(", "),
      cure: nearest && `Did you mean "sim:${nearest}"?`,
    });
  }
  const { seed, areaGroups = 1 } = options;
  return new simulator({ seed, areas: simulator.defaultAreas * areaGroups });
}

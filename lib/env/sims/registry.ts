/** The built-in simulators by name. */
import { nearestName, UserError } from "../../errors.ts";
import type { Environment } from "../env.ts";
import { Basic } from "./basic.ts";
import { DungeonEscape } from "./dungeon_escape.ts";
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
  ["DungeonEscape", DungeonEscape],
]);

/** What may follow `sim:`. */
export const simulatorNames: readonly string[] = [...simulators.keys()];

/** How to make a simulator by its name. */
export interface CreateSimulatorOptions {
  /** Seed of its randomness; 0 by default. */
  readonly seed?: number;
  /** Independent copies of the game; as many as in Unity's scene by default. */
  readonly areas?: number;
  /** In place of `areas`: this many times those of Unity's scene. */
  readonly areaGroups?: number;
}

/**
 * Makes the simulator of a name (without `sim:`). Throws a UserError for an
 * unknown name and for an impossible number of areas.
 */
export function createSimulator(
  name: string,
  options: CreateSimulatorOptions = {},
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
  const { seed = 0, areaGroups = 1 } = options;
  const { areas = simulator.defaultAreas * areaGroups } = options;
  return new simulator({ seed, areas });
}

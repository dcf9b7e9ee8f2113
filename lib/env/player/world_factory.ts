import { nearestName, UserError } from "../../errors.ts";
import { createSimulator, simulatorNames } from "../sims/registry.ts";
import { AcademyWorld } from "./academy/academy_world.ts";
import type { WorldFactory } from "./player_world.ts";
import { sceneKinds } from "./scenes/registry.ts";
import { SimulatedWorld } from "./simulated/simulated_world.ts";

const factories: ReadonlyMap<string, WorldFactory> = new Map([
  ...simulatorNames.map((name): [string, WorldFactory] => [
    `sim:${name}`,
    (options) => {
      const { seed, areas } = options;
      const simulator = createSimulator(name, { seed, areaGroups: areas });
      return new SimulatedWorld(simulator, options);
    },
  ]),
  ...[...sceneKinds].map(([name, kind]): [string, WorldFactory] => [
    `scene:${name}`,
    typeof kind === "function"
      ? kind
      : (options) => new AcademyWorld(kind, options),
  ]),
]);

/**
 * How to make the world of a name: a built-in simulator as `sim:NAME`, a test
 * scene as `scene:NAME`. Throws a UserError if there is none.
 */
export function worldFactory(name: string): WorldFactory {
  const factory = factories.get(name);
  if (factory) return factory;
  const names = [...factories.keys()];
  const nearest = nearestName(name, names) ??
    nearestName(`sim:${name}`, names) ?? nearestName(`scene:${name}`, names);
  throw new UserError({
    what: "There is no such simulator or scene to serve",
    found: `"${name}"`,
    allowed: names.join(", "),
    cure: nearest && `Did you mean ${nearest}?`,
  });
}

/** The wrappers over every simulator, in process and over the wire. */
import {
  createSimulator,
  simulatorNames,
} from "../../../lib/env/sims/registry.ts";
import { wrapperConformance } from "../../conformance/wrapper_conformance.ts";
import { LineGame } from "../../support/line_game.ts";
import { startServed } from "../player/served_environment.ts";

for (const name of simulatorNames) {
  wrapperConformance(name, (seed) => createSimulator(name, { seed }));
  wrapperConformance(
    `served ${name}`,
    (seed) => startServed(`sim:${name}`, { seed }),
  );
}
wrapperConformance(
  "one 3DBall",
  (seed) => createSimulator("3DBall", { seed, areas: 1 }),
);
wrapperConformance(
  "line game with both kinds of actions",
  (seed) =>
    new LineGame({ seed, continuousSize: 1, branches: 1, stepSize: 0.5 }),
);

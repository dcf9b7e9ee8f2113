/** Simulators over the wire keep to the same rules and give the same bytes. */
import assert from "node:assert/strict";
import {
  createSimulator,
  simulatorNames,
} from "../../../lib/env/sims/registry.ts";
import { environmentConformance } from "../../conformance/environment_conformance.ts";
import { EnvironmentDriver } from "../../support/environment_driver.ts";
import { startServed } from "./served_environment.ts";

for (const name of simulatorNames) {
  environmentConformance(
    `served ${name}`,
    (seed) => startServed(`sim:${name}`, { seed }),
  );

  Deno.test(`served ${name} gives the bytes of the simulator itself`, async () => {
    const served = await startServed(`sim:${name}`, { seed: 11 });
    try {
      const direct = createSimulator(name, { seed: 11 });
      const drivers = [served, direct].map((e) => new EnvironmentDriver(e));
      for (const driver of drivers) await driver.reset();
      assert.deepEqual(served.behaviorSpecs, direct.behaviorSpecs);
      let ends = 0;
      for (let i = 0; i < 1000; i++) {
        assert.deepEqual(drivers[0].records(), drivers[1].records());
        for (const behavior of served.behaviorSpecs.keys()) {
          ends += served.getSteps(behavior).terminal.count;
        }
        if (i === 600) { for (const driver of drivers) await driver.reset(); }
        else for (const driver of drivers) await driver.step();
      }
      assert(ends > 10);
    } finally {
      await served.close();
    }
  });
}

Deno.test("the trainer's areas and parameters reach the simulator", async () => {
  const served = await startServed("sim:3DBall", { seed: 1, numAreas: 2 });
  try {
    const direct = createSimulator("3DBall", { seed: 1, areaGroups: 2 });
    const drivers = [served, direct].map((e) => new EnvironmentDriver(e));
    for (const environment of [served, direct]) {
      environment.setParameters({
        gravity: 20,
        scale: { kind: "uniform", min: 0.5, max: 1, seed: 3 },
      });
    }
    for (const driver of drivers) await driver.reset();
    assert.equal(served.getSteps("3DBall?team=0").decision.count, 24);
    for (let i = 0; i < 100; i++) {
      if (i === 50) {
        for (const environment of [served, direct]) {
          environment.setParameters({ gravity: 2 });
        }
      }
      assert.deepEqual(drivers[0].records(), drivers[1].records());
      for (const driver of drivers) await driver.step();
    }
  } finally {
    await served.close();
  }
});

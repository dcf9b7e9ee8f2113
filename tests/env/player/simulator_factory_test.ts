import assert from "node:assert/strict";
import { simulatorFactory } from "../../../lib/env/player/simulator_factory.ts";
import { UserError } from "../../../lib/errors.ts";

Deno.test("a known name makes simulators of any seed and size", async () => {
  const create = simulatorFactory("sim:3DBall");
  for (const groups of [1, 2]) {
    const simulator = create(5, groups);
    await simulator.reset();
    const { decision } = simulator.getSteps("3DBall?team=0");
    assert.equal(decision.count, 12 * groups);
  }
});

Deno.test("unknown names are refused with a suggestion", () => {
  const cases = [
    ["sim:Basik", "sim:Basic"],
    ["3dball", "sim:3DBall"],
    ["Basic", "sim:Basic"],
  ];
  for (const [name, suggestion] of cases) {
    assert.throws(
      () => simulatorFactory(name),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.includes(`"${name}"`) &&
        error.message.includes(`Did you mean ${suggestion}?`),
    );
  }
});

import assert from "node:assert/strict";
import {
  createSimulator,
  simulatorNames,
} from "../../../lib/env/sims/registry.ts";
import { UserError } from "../../../lib/errors.ts";

Deno.test("every simulator is made with the agents of Unity's scene", () => {
  assert.deepEqual(simulatorNames, ["3DBall", "Basic", "DungeonEscape"]);
  const areas = simulatorNames.map((name) =>
    [{ seed: 1 }, { seed: 1, areaGroups: 3 }].map((options) => {
      const simulator = createSimulator(name, options);
      simulator.reset();
      return simulator.getSteps(`${name}?team=0`).decision.count;
    })
  );
  assert.deepEqual(areas, [[12, 36], [1, 3], [36, 108]]);
});

Deno.test("the number of areas may be any, and a seed is not needed", () => {
  const [first, second] = [{ areas: 5 }, { areas: 5, seed: 0 }].map((given) => {
    const simulator = createSimulator("3DBall", given);
    simulator.reset();
    return simulator.getSteps("3DBall?team=0").decision;
  });
  assert.equal(first.count, 5);
  assert.deepEqual(first, second);
});

Deno.test("an unknown simulator is named together with the known ones", () => {
  assert.throws(() => createSimulator("3dBal", { seed: 1 }), (error) => {
    assert(error instanceof UserError);
    assert.match(error.message, /"3dBal".*3DBall, Basic, DungeonEscape/);
    assert.match(error.message, /Did you mean "sim:3DBall"/);
    return true;
  });
  assert.throws(() => createSimulator("toString", { seed: 1 }), UserError);
});

Deno.test("the number of area groups is checked", () => {
  for (const areaGroups of [0, -1, 1.3]) {
    assert.throws(
      () => createSimulator("3DBall", { seed: 1, areaGroups }),
      UserError,
    );
  }
});

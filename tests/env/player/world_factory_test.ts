import assert from "node:assert/strict";
import { worldFactory } from "../../../lib/env/player/world_factory.ts";
import { UserError } from "../../../lib/errors.ts";
import { dialectOf } from "./dialects.ts";

function create(name: string, areas: number) {
  return worldFactory(name)({
    seed: 5,
    areas,
    dialect: dialectOf("3.0.0"),
    hasEpisodeIds: false,
    log: () => {},
  });
}

Deno.test("simulators and scenes come in any number of areas", async () => {
  const sizes = [["sim:3DBall", 12], ["sim:Basic", 1], ["scene:Visual", 2]];
  for (const [name, agents] of sizes) {
    for (const areas of [1, 2]) {
      const world = create(String(name), areas);
      await world.advance(false);
      const [behavior] = world.behaviors.values();
      assert.equal(behavior.infoCount, Number(agents) * areas);
      await world.close();
    }
  }
});

Deno.test("unknown names are refused with a suggestion", () => {
  const cases = [
    ["sim:Basik", "sim:Basic"],
    ["3dball", "sim:3DBall"],
    ["Basic", "sim:Basic"],
    ["Visual", "scene:Visual"],
    ["scene:Group", "scene:Groups"],
  ];
  for (const [name, suggestion] of cases) {
    assert.throws(
      () => worldFactory(name),
      (error: unknown) =>
        error instanceof UserError &&
        error.message.includes(`"${name}"`) &&
        error.message.includes("scene:Vectors") &&
        error.message.includes(`Did you mean ${suggestion}?`),
    );
  }
});

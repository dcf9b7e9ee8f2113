import assert from "node:assert/strict";
import { WorldDriver } from "../world_driver.ts";

Deno.test("a simulator resets at first, and when it is told to", async () => {
  const driver = new WorldDriver("sim:Basic");
  const name = "Basic?team=0";
  const positions: (number | undefined)[] = [];
  for (const isReset of [false, false, false, true, false]) {
    const [{ observations: [line] }] = (await driver.next(isReset))[name];
    positions.push(line.values?.indexOf(1));
    driver.act(name, [{ discrete: [2] }]);
  }
  assert.deepEqual(positions, [10, 11, 12, 10, 11]);
});

Deno.test("ids stay, or are new with each episode", async () => {
  for (const hasEpisodeIds of [false, true]) {
    const driver = new WorldDriver("sim:Basic", { hasEpisodeIds });
    const ids: number[] = [];
    for (let step = 0; step < 16; step++) {
      const infos = (await driver.next())["Basic?team=0"];
      ids.push(...infos.map(({ id }) => id));
      driver.act("Basic?team=0", [{ discrete: [2] }]);
    }
    // Seven moves to the goal, twice.
    assert.deepEqual(
      [...new Set(ids)],
      hasEpisodeIds ? [0, 1, 2] : [0],
    );
    assert.equal(ids.length, 18);
  }
});

Deno.test("a fault is in the first info of the next message", async () => {
  const driver = new WorldDriver("sim:3DBall");
  await driver.next();
  driver.world.spoilNext("nan-reward");
  const rewards = (await driver.next())["3DBall?team=0"]
    .map(({ reward }) => reward);
  assert(Number.isNaN(rewards[0]));
  assert(rewards.slice(1).every(Number.isFinite));
});

Deno.test("a simulator has parameters but no side channels", async () => {
  const { world } = new WorldDriver("sim:3DBall");
  world.setParameter("gravity", 3);
  assert.throws(() => world.setParameter("colour", 3), /colour/);
  assert(!world.receive({ channel: "a", payload: new Uint8Array() }));
  assert.deepEqual(world.takeMessages(), []);
  await world.close();
});

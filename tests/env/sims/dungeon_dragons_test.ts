import assert from "node:assert/strict";
import { cave } from "../../../lib/env/sims/dungeon_court.ts";
import { DungeonDragons } from "../../../lib/env/sims/dungeon_dragons.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

function begun(): DungeonDragons {
  const dragons = new DungeonDragons(2);
  dragons.begin(1, new RandomGenerator(1));
  return dragons;
}

Deno.test("a dragon walks straight to its cave", () => {
  const dragons = begun();
  const start = { ...dragons.body(1) };
  const whole = Math.hypot(cave.x - start.x, cave.z - start.z);
  for (let i = 0; i < 50; i++) dragons.advance(1);
  const { x, z, forwardX, forwardZ } = dragons.body(1);
  const gone = Math.hypot(x - start.x, z - start.z);
  // A second at a speed of 1 to 7 m/s.
  assert(gone >= 1 && gone <= 7);
  const left = Math.hypot(cave.x - x, cave.z - z);
  assert(Math.abs(whole - gone - left) < 1e-9);
  assert(Math.abs(forwardX - (cave.x - x) / left) < 1e-9);
  assert(Math.abs(forwardZ - (cave.z - z) / left) < 1e-9);
});

Deno.test("the key is ahead of a living dragon and where a dead one was", () => {
  const dragons = begun();
  const body = { ...dragons.body(1) };
  const carried = { ...dragons.key(1) };
  assert.deepEqual([carried.halfWidth, carried.halfDepth], [0.6, 0.1]);
  assert(Math.abs(carried.x - body.x - 0.94 * body.forwardX) < 1e-9);
  assert(Math.abs(carried.z - body.z - 0.94 * body.forwardZ) < 1e-9);
  dragons.kill(1);
  dragons.advance(1);
  assert.equal(dragons.isDead(1), true);
  assert.deepEqual(dragons.body(1), body);
  assert.deepEqual([dragons.key(1).x, dragons.key(1).z], [body.x, body.z]);
  dragons.begin(1, new RandomGenerator(2));
  assert.equal(dragons.isDead(1), false);
});

import assert from "node:assert/strict";
import { PoolMember } from "../../lib/train/pool_member.ts";
import { HeldEnvironment } from "../support/held_environment.ts";
import { LineGame } from "../support/line_game.ts";

Deno.test("each environment of a place is closed once", async () => {
  const [first, second] = [1, 2].map((seed) =>
    new HeldEnvironment(new LineGame({ seed }))
  );
  const member = new PoolMember(3, "player 3", null, first);
  assert.equal(member.environment, first);
  await member.close();
  await member.close();
  member.replace(second);
  assert.equal(member.environment, second);
  assert.deepEqual([first.closes, second.closes], [1, 0]);
  await Promise.all([member.close(), member.close()]);
  assert.deepEqual([first.closes, second.closes], [1, 1]);
});

Deno.test("a failure to close is told to everybody who closes", async () => {
  const game = new LineGame({ seed: 1 });
  game.close = () => {
    throw new Error("stuck");
  };
  const member = new PoolMember(0, null, null, game);
  for (let i = 0; i < 2; i++) {
    await assert.rejects(member.close(), { message: "stuck" });
  }
});

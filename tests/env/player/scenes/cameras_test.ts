import assert from "node:assert/strict";
import { assertClose } from "../../../support/closeness.ts";
import { startServed } from "../served_environment.ts";

const behavior = "Cameras?team=0";
const [agents, pixels] = [12, 3 * 84 * 84];

Deno.test("twelve cameras show pictures of one pool, which say what is right", async () => {
  await using environment = await startServed("scene:Cameras", { seed: 1 });
  await environment.reset();
  const { decision, terminal } = environment.getSteps(behavior);
  assert.deepEqual(
    environment.behaviorSpecs.get(behavior)?.observationSpecs[0].shape,
    [3, 84, 84],
  );
  const pictures = () => {
    const [column] = environment.getSteps(behavior).decision.observations;
    return Array.from({ length: agents }, (_, agent) => {
      const seen = column.subarray(agent * pixels, (agent + 1) * pixels);
      assert(seen.every((value) => Number.isInteger(Math.fround(value * 255))));
      return seen.join();
    });
  };
  /** Rewards of doing nothing, by picture. */
  const rewards = new Map<string, number>();
  for (let step = 0; step < 8; step++) {
    const before = pictures();
    assert.equal(decision.count, agents);
    assert.equal(terminal.count, 0);
    await environment.step();
    before.forEach((picture, agent) => {
      const reward = environment.getSteps(behavior).decision.rewards[agent];
      const known = rewards.get(picture) ?? reward;
      assert(Math.abs(reward - known) < 1e-6, "the same for the same picture");
      rewards.set(picture, known);
    });
  }
  // Picture k of 16 asks for w = 2 k / 15 - 1: nothing misses it by |w|.
  const inOrder = (values: Iterable<number>) =>
    [...values].sort((a, b) => a - b);
  const expected = Array.from(
    { length: 16 },
    (_, k) => 1 - Math.abs(2 * k / 15 - 1),
  );
  assertClose(inOrder(rewards.values()), inOrder(expected), 1e-5);
});

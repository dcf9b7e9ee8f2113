import assert from "node:assert/strict";
import { assertClose } from "../../../support/closeness.ts";
import { startServed } from "../served_environment.ts";

const behavior = "Floats?team=0";

Deno.test("every area has an agent that sees eight floats, which stay", async () => {
  await using environment = await startServed("scene:Floats", {
    seed: 1,
    numAreas: 3,
  });
  await environment.reset();
  const decision = () => environment.getSteps(behavior).decision;
  const terminal = () => environment.getSteps(behavior).terminal;
  const column = () => decision().observations[0].slice(0, 24);
  assert.equal(decision().count, 3);
  const seen = column();
  assert.equal(new Set(seen).size, 24);
  // The second agent meets its aim; the others do nothing.
  const continuous = new Float32Array(6);
  continuous.set(seen.subarray(8, 10), 2);
  environment.setActions(behavior, { continuous, discrete: new Int32Array() });
  await environment.step();
  assert.deepEqual(column(), seen);
  const missed = (agent: number) =>
    1 - (Math.abs(seen[8 * agent]) + Math.abs(seen[8 * agent + 1])) / 2;
  assertClose(decision().rewards.slice(0, 3), [missed(0), 1, missed(2)]);

  for (let step = 2; step <= 100; step++) {
    assert.equal(terminal().count, 0);
    await environment.step();
  }
  assert.deepEqual([...terminal().interrupted.slice(0, 3)], [1, 1, 1]);
  assert.equal(decision().count, 3);
  assert.notDeepEqual(column(), seen);
});

import assert from "node:assert/strict";
import {
  agentRadius,
  keepApart,
  keepInRoom,
  keepOutOfBox,
  keepOutOfCircle,
} from "../../../../lib/env/sims/planar/contacts.ts";
import { CubeAgents } from "../../../../lib/env/sims/planar/cube_agents.ts";
import {
  distanceToBox,
  turnedBox,
} from "../../../../lib/env/sims/planar/turned_box.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";

/** Agents at places, each with a velocity. */
function moving(...each: [x: number, z: number, vx: number, vz: number][]) {
  const agents = new CubeAgents(each.length, 0);
  each.forEach(([x, z, vx, vz], agent) => {
    agents.place(agent, x, z, 0.5, 0);
    agents.velocityX[agent] = vx;
    agents.velocityZ[agent] = vz;
  });
  return agents;
}

/** x, z and both speeds, rounded. */
function stateOf(agents: CubeAgents, agent = 0): number[] {
  const { x, z, velocityX, velocityZ } = agents;
  return [x, z, velocityX, velocityZ].map((values) =>
    Number(values[agent].toFixed(9)) + 0
  );
}

Deno.test("a wall stops what leads into it and nothing else", () => {
  const agents = moving([12.4, -12.3, 5, -4], [12.4, 0, -1, 2]);
  keepInRoom(agents, 0, 12.5, 12.5);
  keepInRoom(agents, 1, 12.5, 12.5);
  assert.deepEqual(stateOf(agents), [11.95, -11.95, 0, 0]);
  assert.deepEqual(stateOf(agents, 1), [11.95, 0, -1, 2]);
});

Deno.test("a circle is slid along", () => {
  // 0.72 + 0.55 = 1.27 from the centre; the speed along it stays.
  const agents = moving([1, 0, -3, 2]);
  keepOutOfCircle(agents, 0, 0, 0, 0.72);
  assert.deepEqual(stateOf(agents), [1.27, 0, 0, 2]);
  const far = moving([1.28, 0, -3, 2]);
  keepOutOfCircle(far, 0, 0, 0, 0.72);
  assert.deepEqual(stateOf(far), [1.28, 0, -3, 2]);
});

Deno.test("a box is touched at its sides and corners", () => {
  const box = turnedBox(0, 0, 4, 2);
  const side = moving([1, -1.4, 3, 5]);
  assert(keepOutOfBox(side, 0, box));
  assert.deepEqual(stateOf(side), [1, -1.55, 3, 0]);
  // The corner (2, 1) is 0.5 away in the direction (0.6, 0.8).
  const corner = moving([2.3, 1.4, -1, 0]);
  assert(keepOutOfBox(corner, 0, box));
  assert.deepEqual(stateOf(corner), [2.33, 1.44, -0.64, 0.48]);
  assert(!keepOutOfBox(moving([2.4, 1.4, -1, 0]), 0, box));
});

Deno.test("an agent inside a box leaves by the nearest side", () => {
  const box = turnedBox(0, 0, 4, 2);
  const agents = moving([1.5, 0.2, 0, 1], [0.5, -0.3, 0, 1]);
  assert(keepOutOfBox(agents, 0, box) && keepOutOfBox(agents, 1, box));
  assert.deepEqual(stateOf(agents), [2.55, 0.2, 0, 1]);
  assert.deepEqual(stateOf(agents, 1), [0.5, -1.55, 0, 0]);
});

Deno.test("whatever a box's turn, an agent ends at its side, not moving in", () => {
  const random = new RandomGenerator(1);
  let touched = 0;
  for (let i = 0; i < 500; i++) {
    const box = turnedBox(0, 0, 3, 2, random.between(0, 360));
    const [x, z, vx, vz] = Array.from(
      { length: 4 },
      () => random.between(-2.5, 2.5),
    );
    const agents = moving([x, z, vx, vz]);
    const before = distanceToBox(box, x, z);
    if (!keepOutOfBox(agents, 0, box)) {
      assert(before >= agentRadius);
      continue;
    }
    touched++;
    assert(before < agentRadius);
    const after = distanceToBox(box, agents.x[0], agents.z[0]);
    assert(Math.abs(after - agentRadius) < 1e-9);
    const next = distanceToBox(
      box,
      agents.x[0] + 0.001 * agents.velocityX[0],
      agents.z[0] + 0.001 * agents.velocityZ[0],
    );
    assert(next >= agentRadius - 1e-5);
  }
  assert(touched > 100);
});

Deno.test("two agents share the way apart and go on with their mean speed", () => {
  const agents = moving([0, 0, 4, 1], [1, 0, -2, 0]);
  keepApart(agents, 0, 1);
  assert.deepEqual(stateOf(agents), [-0.05, 0, 1, 1]);
  assert.deepEqual(stateOf(agents, 1), [1.05, 0, 1, 0]);
  const parting = moving([0, 0, -1, 0], [1, 0, 1, 0]);
  keepApart(parting, 0, 1);
  assert.deepEqual(stateOf(parting, 1), [1.05, 0, 1, 0]);
});

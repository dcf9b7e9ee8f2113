/** Motion worked out by hand from Unity's environments, section 1.8. */
import assert from "node:assert/strict";
import { CubeAgents } from "../../../../lib/env/sims/planar/cube_agents.ts";

const gravity = 1.5 * 9.81;

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

/** An agent that stands at the origin. */
function standing(yaw = 0, drag = 4): CubeAgents {
  const agents = new CubeAgents(1, drag);
  agents.place(0, 0, 0, 0.5, yaw);
  return agents;
}

Deno.test("two steps forward: push, drag, friction, movement", () => {
  const agents = standing();
  // Drag keeps 1 - 4 * 0.02 = 0.92; friction is 1.2 * 14.715 * 0.02 * 0.92.
  agents.push(0, 3, 0);
  agents.advance(0, gravity);
  close(agents.velocityZ[0], 3 * 0.92 - 0.3249072);
  close(agents.z[0], 0.048701856);
  agents.push(0, 3, 0);
  agents.advance(0, gravity);
  close(agents.velocityZ[0], 4.675378176);
  close(agents.z[0], 0.14220941952);
  assert.equal(agents.x[0], 0);
  assert.equal(agents.velocityX[0], 0);
});

Deno.test("friction takes from the length of the velocity, then stops it", () => {
  const agents = standing();
  agents.push(0, 0.8, 0.6);
  agents.advance(0, gravity);
  // 1 m/s becomes 0.92, then 0.5950928, in the same direction.
  close(agents.velocityZ[0], 0.8 * 0.5950928);
  close(agents.velocityX[0], 0.6 * 0.5950928);
  agents.advance(0, gravity);
  close(Math.hypot(agents.velocityX[0], agents.velocityZ[0]), 0.222578176);
  agents.advance(0, gravity);
  assert.deepEqual([agents.velocityX[0], agents.velocityZ[0]], [0, 0]);
});

Deno.test("top speeds are those of Unity's scenes", () => {
  // Push per step, drag, gravity, top speed rounded: the facts' table.
  const scenes = [
    [1.5, 2, 2, 24.7],
    [3, 4, 1.5, 30.4],
    [2, 2, 1, 42.3],
    [2, 4, 2.5, 16.2],
  ];
  for (const [push, drag, multiplier, speed] of scenes) {
    const agents = standing(0, drag);
    for (let i = 0; i < 500; i++) {
      agents.push(0, push, 0);
      agents.advance(0, multiplier * 9.81);
    }
    close(agents.velocityZ[0], speed, 0.06);
  }
});

Deno.test("yaw is clockwise from above: at 90 degrees forward is x", () => {
  const agents = standing(90);
  agents.push(0, 1, 0);
  close(agents.velocityX[0], 1);
  close(agents.velocityZ[0], 0);
  agents.push(0, 0, 1);
  close(agents.velocityZ[0], -1);
  agents.turn(0, -450);
  close(agents.yaw[0], -0);
  agents.push(0, 1, 1);
  close(agents.velocityX[0], 2);
  close(agents.velocityZ[0], 0);
});

Deno.test("in the air there is drag but no friction of the ground", () => {
  const agents = new CubeAgents(1, 4);
  agents.place(0, 2, 3, 1, 0);
  agents.push(0, 3, 0);
  agents.advance(0, gravity);
  close(agents.velocityY[0], -14.715 * 0.02 * 0.92);
  close(agents.height[0], 1 - 0.270756 * 0.02);
  close(agents.velocityZ[0], 2.76);
  agents.advance(0, gravity);
  // Gravity first, then drag: (-0.270756 - 0.2943) * 0.92.
  close(agents.velocityY[0], -0.51985152);
  close(agents.velocityZ[0], 2.5392);
  let steps = 2;
  while (agents.velocityY[0] < 0) {
    agents.advance(0, gravity);
    steps++;
  }
  assert.equal(agents.height[0], 0.5);
  // The fall is sum of v; v after n steps is 3.38445 * (1 - 0.92^n): 15 steps
  // give 0.46 m and the next one passes 0.5 m.
  assert.equal(steps, 16);
});

Deno.test("an agent sees its velocity to the right, up and forward", () => {
  const agents = standing(30);
  agents.push(0, 2, -1);
  agents.velocityY[0] = -0.25;
  const values = new Float32Array(5);
  agents.observeVelocity(0, values, 1);
  assert.deepEqual([...values].map((value) => Number(value.toFixed(6))), [
    0,
    -1,
    -0.25,
    2,
    0,
  ]);
});

import assert from "node:assert/strict";
import { BalancedBalls } from "../../../lib/env/sims/balanced_balls.ts";

/** A ball of radius 0.5 at rest above a level box of half size 2.5. */
function ballAt(x: number, y: number, z: number): BalancedBalls {
  const balls = new BalancedBalls(1);
  balls.levelBox(0);
  balls.radii[0] = 0.5;
  balls.gravities[0] = 9.81;
  balls.dropBall(0, x, y, z);
  return balls;
}

function advance(balls: BalancedBalls, steps: number): void {
  for (let i = 0; i < steps; i++) balls.advance(0);
}

function close(actual: number, expected: number, tolerance: number): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

Deno.test("turns multiply quaternions about the box's own axes", () => {
  const balls = ballAt(0, 4, 0);
  const half = Math.SQRT1_2;
  balls.turnAboutX(0, 90);
  [half, 0, 0, half].forEach((q, i) => close(balls.rotations[i], q, 1e-15));
  // q_x(90) q_z(90) = (1, -1, 1, 1) / 2.
  balls.turnAboutZ(0, 90);
  [0.5, -0.5, 0.5, 0.5].forEach((q, i) => close(balls.rotations[i], q, 1e-15));
});

Deno.test("a free ball falls: velocity first, then place", () => {
  const balls = ballAt(1, 4, -1);
  balls.spins.set([0, 10, 0]);
  advance(balls, 5);
  close(balls.velocities[1], -9.81 * 5 * 0.02, 1e-12);
  close(balls.positions[1], 4 - 9.81 * 0.02 * 0.02 * 15, 1e-12);
  assert.deepEqual([balls.positions[0], balls.positions[2]], [1, -1]);
  close(balls.spins[1], 10 * (1 - 0.0002) ** 5, 1e-12);
});

Deno.test("a ball lands on the box without bouncing", () => {
  const balls = ballAt(0.3, 4, 0);
  advance(balls, 200);
  close(balls.positions[1], 3, 0.005);
  close(balls.velocities[1], 0, 1e-9);
  close(balls.positions[0], 0.3, 1e-9);
});

Deno.test("a ball rolls down with 5/7 of the slope's acceleration", () => {
  const balls = ballAt(0, 3.01, 0);
  // Five degrees about z lift the side of positive x.
  balls.turnAboutZ(0, 5);
  advance(balls, 20);
  const [before] = balls.velocities;
  advance(balls, 25);
  const slope = Math.PI / 36;
  const expected = -5 / 7 * 9.81 * Math.sin(slope) * Math.cos(slope) * 0.5;
  close(balls.velocities[0] - before, expected, 0.002);
  // Rolling to the left, about the axis towards the viewer.
  close(balls.spins[2] * 0.5, Math.hypot(...balls.velocities), 0.002);
});

Deno.test("on a steep slope friction is the coefficient times the load", () => {
  const balls = ballAt(0, 0, 0);
  balls.turnAboutZ(0, 75);
  const slope = 75 * Math.PI / 180;
  const normal = [-Math.sin(slope), Math.cos(slope)];
  balls.dropBall(0, 2.999 * normal[0], 2.999 * normal[1], 0);
  advance(balls, 2);
  const before = Math.hypot(...balls.velocities);
  advance(balls, 8);
  const pull = 9.81 * (Math.sin(slope) - 0.6 * Math.cos(slope));
  close(Math.hypot(...balls.velocities) - before, pull * 8 * 0.02, 0.01);
});

Deno.test("the edge pushes along the line to the ball's centre", () => {
  const balls = ballAt(2.7, 2.9, 0);
  balls.gravities[0] = 0;
  balls.velocities.set([0, -1, 0]);
  advance(balls, 1);
  // Nearest point (2.5, 2.5, 0), normal (1, 2) / sqrt 5, no slip afterwards.
  const along = (balls.velocities[0] + 2 * balls.velocities[1]) / Math.sqrt(5);
  close(along, 0, 1e-12);
  const slip = (2 * balls.velocities[0] - balls.velocities[1]) / Math.sqrt(5) +
    0.5 * balls.spins[2];
  close(slip, 0, 1e-12);
  // The penetration, 0.5 - sqrt 0.2, is pushed out by 80 %.
  const moved = (balls.positions[0] - 2.7 + 2 * (balls.positions[1] - 2.9)) /
    Math.sqrt(5);
  close(moved, 0.8 * (0.5 - Math.sqrt(0.2)), 1e-12);
});

import assert from "node:assert/strict";
import {
  boxesOverlap,
  distanceToBox,
  moveBox,
  turnedBox,
} from "../../../../lib/env/sims/planar/turned_box.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";

function close(actual: number, expected: number): void {
  assert(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);
}

Deno.test("distance is to the nearest side or corner, and 0 within", () => {
  const box = turnedBox(1, 2, 4, 2);
  assert.equal(distanceToBox(box, 2.9, 1.1), 0);
  assert.equal(distanceToBox(box, 5, 2), 2);
  assert.equal(distanceToBox(box, 1, -2), 3);
  // The corner is at (3, 3).
  close(distanceToBox(box, 6, 7), 5);
});

Deno.test("a box turned by 90 degrees has width and depth exchanged", () => {
  const box = turnedBox(0, 0, 4, 2, 90);
  close(distanceToBox(box, 3, 0), 2);
  close(distanceToBox(box, 0, 3), 1);
  // By 45 degrees its near corner is at the root of two.
  close(distanceToBox(turnedBox(0, 0, 2, 2, 45), 3, 0), 3 - Math.SQRT2);
});

Deno.test("a moved box is where it was moved to", () => {
  const box = turnedBox(0, 0, 4, 2);
  moveBox(box, 10, 0, 1, 0);
  close(distanceToBox(box, 13, 0), 2);
  close(distanceToBox(box, 10, 3), 1);
});

Deno.test("a corner reaches where a side does not", () => {
  const box = turnedBox(0, 0, 2, 2);
  const turned = (x: number) => turnedBox(x, 0, 2, 2, 45);
  assert(boxesOverlap(box, turned(1 + Math.SQRT2 - 0.001)));
  assert(!boxesOverlap(box, turned(1 + Math.SQRT2 + 0.001)));
  assert(!boxesOverlap(box, turnedBox(2.001, 0, 2, 2)));
  // Their own circles overlap, and so do their extents along x and z.
  assert(!boxesOverlap(box, turnedBox(1.8, 1.8, 2, 2, 45)));
  assert(boxesOverlap(box, turnedBox(1.6, 1.6, 2, 2, 45)));
});

Deno.test("boxes overlap if they have a point in common", () => {
  const random = new RandomGenerator(1);
  let overlaps = 0;
  for (let i = 0; i < 300; i++) {
    const [a, b] = Array.from({ length: 2 }, () =>
      turnedBox(
        random.between(-3, 3),
        random.between(-3, 3),
        random.between(0.5, 4),
        random.between(0.5, 4),
        random.between(0, 360),
      ));
    // The point of `a` that is nearest to `b`, on a grid.
    let nearest = Infinity;
    for (let right = -20; right <= 20; right++) {
      for (let ahead = -20; ahead <= 20; ahead++) {
        const r = a.halfWidth * right / 20, f = a.halfDepth * ahead / 20;
        const x = a.x + r * a.forwardZ + f * a.forwardX;
        const z = a.z - r * a.forwardX + f * a.forwardZ;
        nearest = Math.min(nearest, distanceToBox(b, x, z));
      }
    }
    if (boxesOverlap(a, b)) {
      overlaps++;
      assert(nearest < 0.15, `overlap at a distance of ${nearest}`);
    } else {
      assert(nearest > 0);
    }
  }
  assert(overlaps > 50 && overlaps < 250);
});

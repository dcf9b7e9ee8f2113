/** Facts: Unity's environments, section 1.4. */
import assert from "node:assert/strict";
import { RaySensor } from "../../../../lib/env/sims/planar/ray_sensor.ts";
import {
  distanceToBox,
  type TurnedBox,
  turnedBox,
} from "../../../../lib/env/sims/planar/turned_box.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";

const options = {
  tags: 2,
  raysPerSide: 2,
  maxDegrees: 90,
  radius: 0.5,
  length: 10,
};

/** What each ray says, rounded. */
function look(
  sensor: RaySensor,
  show: () => void,
  [x, z, yaw]: readonly number[] = [0, 0, 0],
): number[][] {
  const angle = yaw * Math.PI / 180;
  sensor.aim(x, z, Math.sin(angle), Math.cos(angle));
  show();
  const values = new Float32Array(sensor.size + 1).fill(7);
  sensor.write(values, 1);
  assert.equal(values[0], 7);
  const width = options.tags + 2;
  return Array.from(
    { length: sensor.size / width },
    (_, ray) =>
      [...values.subarray(1 + ray * width, 1 + (ray + 1) * width)]
        .map((value) => Number(value.toFixed(5))),
  );
}

const miss = [0, 0, 1, 1];

Deno.test("rays go ahead, then right and left in turn", () => {
  const sensor = new RaySensor(options);
  assert.equal(sensor.size, 20);
  // Circles at 45 degrees to the left and at 90 degrees to the right.
  const seen = look(sensor, () => {
    sensor.seeCircle(-3, 3, 1, 0);
    sensor.seeCircle(5, 0, 1, 1);
  });
  // Their distances less both radii: 4.24264 - 1.5 and 5 - 1.5.
  assert.deepEqual(seen, [
    miss,
    miss,
    [1, 0, 0, 0.27426],
    [0, 1, 0, 0.35],
    miss,
  ]);
});

Deno.test("the sensor turns with its agent", () => {
  const sensor = new RaySensor(options);
  const seen = look(
    sensor,
    () => sensor.seeBox(turnedBox(7, 2, 2, 6), 1),
    [1, 2, 90],
  );
  // The side at x = 6 is 5 m ahead. Rays at 45 degrees are 4.5 m to a side when
  // they come to it, and the box ends 3 m to a side.
  assert.deepEqual(seen, [[0, 1, 0, 0.45], miss, miss, miss, miss]);
});

Deno.test("only the nearest thing counts, and not beyond the length", () => {
  const sensor = new RaySensor(options);
  const seen = look(sensor, () => {
    sensor.seeCircle(0, 8, 1, 0);
    sensor.seeBox(turnedBox(0, 5, 2, 2), 1);
    sensor.seeCircle(11.6, 0, 1, 0);
  });
  assert.deepEqual(seen[0], [0, 1, 0, 0.35]);
  assert.deepEqual(seen[3], miss);
  const nearer = look(sensor, () => sensor.seeCircle(11.4, 0, 1, 0));
  assert.deepEqual(nearer[3], [1, 0, 0, 0.99]);
});

Deno.test("a thing beside a ray is met later: by a corner or a round side", () => {
  const sensor = new RaySensor(options);
  // 1.2 beside the ray: 1.5 - sqrt(1.5^2 - 1.2^2) later than straight ahead.
  const circle = look(sensor, () => sensor.seeCircle(1.2, 6, 1, 0));
  assert.deepEqual(circle[0], [1, 0, 0, 0.51]);
  // The corner (0.3, 4) is 0.3 beside it: 4 - 0.4.
  const corner = look(sensor, () => sensor.seeBox(turnedBox(1.3, 5, 2, 2), 0));
  assert.deepEqual(corner[0], [1, 0, 0, 0.36]);
  const besides = look(
    sensor,
    () => sensor.seeBox(turnedBox(1.51, 5, 2, 2), 0),
  );
  assert.deepEqual(besides[0], miss);
});

Deno.test("a turned box shows its corner", () => {
  const sensor = new RaySensor(options);
  // The corner is at 5 - sqrt 2 and is met by a sphere of 0.5.
  const seen = look(sensor, () => sensor.seeBox(turnedBox(0, 5, 2, 2, 45), 1));
  assert.deepEqual(seen[0], [0, 1, 0, 0.30858]);
});

Deno.test("what overlaps the sphere at its start is not seen", () => {
  const sensor = new RaySensor(options);
  const seen = look(sensor, () => {
    sensor.seeCircle(0, 1.4, 1, 0);
    sensor.seeBox(turnedBox(0, 1.4, 2, 2), 0);
    sensor.seeBox(turnedBox(0, 0, 2, 2), 0);
  });
  assert.deepEqual(seen, Array(5).fill(miss));
});

Deno.test("a room's walls are met all around", () => {
  const sensor = new RaySensor(options);
  const seen = look(sensor, () => sensor.seeRoom(4, 6, 0), [1, 2, 0]);
  // Ahead 6 - 0.5 - 2; at 45 degrees the wall at x = 3.5, and z = 5.5.
  const diagonal = Number((2.5 * Math.SQRT2 / 10).toFixed(5));
  const leftDiagonal = Number((3.5 * Math.SQRT2 / 10).toFixed(5));
  assert.deepEqual(seen, [
    [1, 0, 0, 0.35],
    [1, 0, 0, diagonal],
    [1, 0, 0, leftDiagonal],
    [1, 0, 0, 0.25],
    [1, 0, 0, 0.45],
  ]);
});

Deno.test("boxes are met where a sphere that goes step by step meets them", () => {
  const random = new RandomGenerator(1);
  const sensor = new RaySensor(options);
  let hits = 0;
  for (let i = 0; i < 400; i++) {
    const box = turnedBox(
      random.between(-6, 6),
      random.between(-6, 6),
      random.between(0.2, 6),
      random.between(0.2, 6),
      random.between(0, 360),
    );
    const place = [random.between(-4, 4), random.between(-4, 4), 360 * i / 400];
    const seen = look(sensor, () => sensor.seeBox(box, 0), place);
    for (const [ray, angle] of [0, 45, -45, 90, -90].entries()) {
      const expected = march(box, place, angle);
      const [tag, , isMiss, fraction] = seen[ray];
      if (expected === null) {
        assert.deepEqual(seen[ray], miss);
      } else {
        hits++;
        assert.deepEqual([tag, isMiss], [1, 0]);
        assert(Math.abs(fraction * 10 - expected) < 0.01);
      }
    }
  }
  assert(hits > 200);
});

/** Goes on by the distance that is free until the sphere touches. */
function march(box: TurnedBox, [x, z, yaw]: number[], angle: number) {
  const direction = (yaw + angle) * Math.PI / 180;
  const free = (gone: number) =>
    distanceToBox(
      box,
      x + gone * Math.sin(direction),
      z + gone * Math.cos(direction),
    ) - options.radius;
  if (free(0) <= 0) return null;
  let gone = 0;
  for (let i = 0; i < 1000 && gone < options.length; i++) {
    const step = free(gone);
    if (step < 1e-9) return gone;
    gone += step;
  }
  return gone < options.length ? gone : null;
}

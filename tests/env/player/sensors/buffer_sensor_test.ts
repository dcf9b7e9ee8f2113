import assert from "node:assert/strict";
import { BufferSensor } from "../../../../lib/env/player/sensors/buffer_sensor.ts";
import { dialectOf } from "../dialects.ts";
import { observationOf } from "./observation_of.ts";

Deno.test("entities fill the buffer from the top; surplus ones are dropped", () => {
  const sensor = new BufferSensor(dialectOf("3.0.0"), 2, 2);
  sensor.add([1, 2]);
  const one = observationOf(sensor);
  assert.deepEqual([one.shape, one.properties], [[2, 2], [4, 1]]);
  assert.deepEqual(one.values, [1, 2, 0, 0]);
  sensor.add([3, 4]);
  sensor.add([5, 6]);
  assert.deepEqual(observationOf(sensor).values, [1, 2, 3, 4]);
  sensor.update();
  assert.deepEqual(observationOf(sensor).values, [0, 0, 0, 0]);
  sensor.add([7, 8]);
  assert.deepEqual(observationOf(sensor).values, [7, 8, 0, 0]);
});

Deno.test("packages and trainers without such observations refuse it", () => {
  for (const dialect of [dialectOf("1.0.8"), dialectOf("3.0.0", ["base"])]) {
    assert.throws(
      () => new BufferSensor(dialect, 2, 2),
      /BufferSensor: .*variable length/,
    );
  }
});

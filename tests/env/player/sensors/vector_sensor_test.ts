import assert from "node:assert/strict";
import { VectorSensor } from "../../../../lib/env/player/sensors/vector_sensor.ts";
import { dialectOf } from "../dialects.ts";
import { observationOf } from "./observation_of.ts";

Deno.test("sensors are named as Unity names its own", () => {
  const dialect = dialectOf("3.0.0");
  const names = [
    new VectorSensor(dialect, 4),
    new VectorSensor(dialect, 2, { type: "goal" }),
    new VectorSensor(dialect, 2, { stacks: 3 }),
  ].map(({ spec: { name, shape } }) => `${name} ${shape}`);
  assert.deepEqual(names, [
    "VectorSensor_size4 4",
    "VectorSensor_size2_GoalSignal 2",
    "StackingSensor_size3_VectorSensor_size2 6",
  ]);
});

Deno.test("a stack holds the latest frames, the oldest first", () => {
  const sensor = new VectorSensor(dialectOf("3.0.0"), 2, { stacks: 3 });
  const seen: (readonly number[] | null)[] = [];
  for (const value of [1, 2, 3, 4]) {
    sensor.update();
    // The second value is left as it is: zero.
    sensor.values[0] = value;
    seen.push(observationOf(sensor).values);
  }
  assert.deepEqual(seen, [
    [0, 0, 0, 0, 1, 0],
    [0, 0, 1, 0, 2, 0],
    [1, 0, 2, 0, 3, 0],
    [2, 0, 3, 0, 4, 0],
  ]);
  sensor.reset();
  assert.deepEqual(observationOf(sensor).values, [0, 0, 0, 0, 0, 0]);
});

Deno.test("old packages do not say that a vector is a goal", () => {
  const options = { type: "goal" } as const;
  const old = new VectorSensor(dialectOf("1.0.8"), 1, options);
  assert.deepEqual(observationOf(old).type, 0);
  const present = new VectorSensor(dialectOf("2.0.0"), 1, options);
  assert.deepEqual(observationOf(present).type, 1);
});

import assert from "node:assert/strict";
import { createAgentColumns } from "../../../lib/env/columns.ts";
import {
  allSensors,
  singleSensor,
} from "../../../lib/env/wrappers/observation_view.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";

const one: BehaviorSpec = {
  observationSpecs: [vectorObservation(2)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};
const two: BehaviorSpec = {
  ...one,
  observationSpecs: [
    vectorObservation(1, "height"),
    { ...vectorObservation(4, "map"), shape: [2, 2] },
  ],
};

Deno.test("the observation of one sensor is a copy of its row", () => {
  const columns = createAgentColumns(one, 2);
  columns.addRow(0);
  columns.addRow(1);
  columns.observations[0].set([1, 2, 3, 4]);
  const { space, read } = singleSensor("A", one);
  const observation = read(columns, 1);
  assert(space.contains(observation));
  columns.observations[0].fill(0);
  assert.deepEqual(observation, Float32Array.of(3, 4));
});

Deno.test("all sensors are a list in their order", () => {
  const columns = createAgentColumns(two, 2);
  columns.addRow(0);
  columns.addRow(1);
  columns.observations[0].set([1, 2]);
  columns.observations[1].set([1, 2, 3, 4, 5, 6, 7, 8]);
  const { space, read } = allSensors("A", two);
  const observation = read(columns, 1);
  assert(space.contains(observation));
  columns.observations[1].fill(0);
  assert.deepEqual(observation, [
    Float32Array.of(2),
    Float32Array.of(5, 6, 7, 8),
  ]);
  assert.equal(
    allSensors("A", one).read(createAgentColumns(one, 1), 0).length,
    1,
  );
});

Deno.test("several sensors are no single observation", () => {
  assert.throws(() => singleSensor("A", two), {
    name: "UserError",
    message: /^A: .*2 sensors: "height", "map"\)\n.*allSensors/,
  });
});

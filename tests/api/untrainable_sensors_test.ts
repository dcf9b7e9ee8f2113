import assert from "node:assert/strict";
import { untrainableSensors } from "../../lib/api/untrainable_sensors.ts";
import { describeProblem } from "../../lib/errors.ts";
import { type ObservationSpec, vectorObservation } from "../../lib/spec.ts";

function sensor(name: string, shape: readonly number[]): ObservationSpec {
  const dimensionProperties = shape.map(() => 0);
  return { name, shape, dimensionProperties, observationType: "default" };
}

Deno.test("networks take vectors; images and lists are refused by name", () => {
  const actionSpec = { continuousSize: 1, discreteBranches: [] };
  const of = (...observationSpecs: ObservationSpec[]) =>
    untrainableSensors("Car?team=0", { observationSpecs, actionSpec });
  const goal = { ...vectorObservation(2), observationType: "goal" } as const;
  assert.deepEqual(of(vectorObservation(8), goal), []);
  const texts = of(
    sensor("camera", [3, 84, 84]),
    vectorObservation(8),
    sensor("others", [20, 5]),
  ).map(describeProblem);
  assert.equal(texts.length, 2);
  assert.match(texts[0], /^Car\?team=0: .*"camera" .*shape \[3, 84, 84\]/);
  assert.match(texts[1], /^Car\?team=0: .*"others" .*shape \[20, 5\]/);
});

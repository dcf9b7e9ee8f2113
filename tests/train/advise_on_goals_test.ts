import assert from "node:assert/strict";
import type { ObservationSpec } from "../../lib/spec.ts";
import { adviseOnGoals } from "../../lib/train/advise_on_goals.ts";
import { entitySensor, vectorSensor } from "../support/sensors.ts";

const advice = (
  observationSpecs: readonly ObservationSpec[],
  goal_conditioning_type: "hyper" | "none" = "hyper",
) => adviseOnGoals({ observationSpecs, goal_conditioning_type });

const list = entitySensor([3, 2], "goal");
const empty = { ...vectorSensor(0, "goal"), name: "Mark" };

Deno.test("goals that condition nothing are told", () => {
  assert.equal(
    advice([vectorSensor(1), list]),
    "goal_conditioning_type: hyper has no effect. A goal of variable length, " +
      'or without values, cannot condition a network: the sensor "Neighbors".',
  );
  assert.match(
    advice([empty, vectorSensor(1), list]) ?? "",
    /network: the sensor "Mark" and the sensor "Neighbors"\.$/,
  );
});

Deno.test("there is nothing to say of other goals, or of none", () => {
  assert.equal(advice([vectorSensor(1)]), undefined);
  assert.equal(advice([list], "none"), undefined);
  assert.equal(advice([list, vectorSensor(1, "goal")]), undefined);
});

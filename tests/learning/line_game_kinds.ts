/** What agents of the acceptance tests see and do. */
import type { ObservationSpec } from "../../lib/spec.ts";
import { entitySensor, visualSensor } from "../support/sensors.ts";

export const discrete = { kind: "one discrete action", branches: 1 } as const;
export const continuous = {
  kind: "one continuous action",
  continuousSize: 1,
} as const;

export const camera = visualSensor([3, 20, 20]);
export const list = entitySensor([10, 5]);

/** The first sensor is the goal. */
export const withGoal = (
  [first, ...others]: readonly ObservationSpec[],
): readonly ObservationSpec[] => [
  { ...first, observationType: "goal" },
  ...others,
];

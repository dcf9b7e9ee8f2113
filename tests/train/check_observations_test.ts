import assert from "node:assert/strict";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";
import { checkObservations } from "../../lib/train/check_observations.ts";
import { PoolMember } from "../../lib/train/pool_member.ts";
import { agentRecords } from "../support/agent_records.ts";
import { LineGame } from "../support/line_game.ts";
import { vectorSensor } from "../support/sensors.ts";

const spec: BehaviorSpec = {
  observationSpecs: [
    { ...vectorObservation(3), name: "Eyes" },
    vectorSensor(0),
    { ...vectorObservation(2), name: "" },
  ],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

/** Checks what agents 7 and 8 see, and 9 at its end, with one value changed. */
function check(
  kind: "decision" | "terminal",
  sensor: number,
  at: number,
  value: number,
  name: string | null = null,
): void {
  const game = new LineGame({ seed: 1, continuousSize: 1 });
  const member = new PoolMember(0, name, null, game);
  const steps = agentRecords(spec, [{ id: 7 }, { id: 8 }], [{ id: 9 }]);
  steps[kind].observations[sensor][at] = value;
  checkObservations(member, "Walker?team=0", spec, steps);
}

Deno.test("the sensor, the agent, the value and its place are named", () => {
  const cure = "\n  Nothing is learned from it. Look for a division by zero " +
    "where the sensor is filled, and for extreme environment_parameters.";
  assert.throws(() => check("decision", 0, 4, NaN), {
    message: 'Walker?team=0: the sensor "Eyes" of agent 8 gives a value that ' +
      "is not a finite number (found NaN as value 1)" + cure,
  });
  assert.throws(() => check("terminal", 2, 0, -Infinity, "environment 3"), {
    message: "environment 3: Walker?team=0: a sensor without a name of agent " +
      "9 gives a value that is not a finite number (found -Infinity as value " +
      "0)" + cure,
  });
});

Deno.test("large numbers, and what stands behind the last agent, are fine", () => {
  check("decision", 0, 0, 3.4e38);
  check("decision", 0, 6, NaN);
  check("terminal", 2, 2, NaN);
});

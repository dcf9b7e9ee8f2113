/** What observations look like to a learner. */
import { UserError } from "../../errors.ts";
import type { BehaviorSpec, ObservationSpec } from "../../spec.ts";
import { observationOfRow } from "../agent_rows.ts";
import type { AgentColumns } from "../env.ts";
import { Box, type Space, TupleSpace } from "./spaces.ts";

/** Makes one observation of an agent's record. */
export interface ObservationReader<Observation> {
  readonly space: Space<Observation>;
  /** A copy, which later steps do not change. */
  read(columns: AgentColumns, row: number): Observation;
}

/**
 * How a behavior's agents see. Throws a UserError if its sensors cannot be
 * seen like this.
 */
export type ObservationView<Observation> = (
  behavior: string,
  spec: BehaviorSpec,
) => ObservationReader<Observation>;

/** Observations of agents with one sensor: `[...shape]`, flat. */
export const singleSensor: ObservationView<Float32Array> = (behavior, spec) => {
  const { observationSpecs } = spec;
  if (observationSpecs.length !== 1) {
    throw new UserError({
      what: "There is no single observation of an agent with several sensors",
      path: behavior,
      found: `${observationSpecs.length} sensors: ` +
        observationSpecs.map(({ name }) => `"${name}"`).join(", "),
      cure: "Wrap with { observations: allSensors } to get a list of them.",
    });
  }
  return {
    space: sensorSpace(observationSpecs[0]),
    read: (columns, row) => observationOfRow(columns, spec, row).slice(),
  };
};

/** A list with the observation of each sensor, in their order. */
export const allSensors: ObservationView<readonly Float32Array[]> = (
  _,
  spec,
) => ({
  space: new TupleSpace(spec.observationSpecs.map(sensorSpace)),
  read: (columns, row) =>
    spec.observationSpecs.map((_, sensor) =>
      observationOfRow(columns, spec, row, sensor).slice()
    ),
});

function sensorSpace({ shape }: ObservationSpec): Box {
  return new Box(-Infinity, Infinity, shape);
}

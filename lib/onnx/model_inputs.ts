/** Which sensors the inputs of a model for Unity take, by its version. */
import type { ObservationSpec } from "../spec.ts";

/**
 * Version of the contract with Unity: 3 is of package 2.0 and later, 2 of
 * package 1.x.
 */
export type ContractVersion = 2 | 3;

/** An observation that a model takes, sizes without the batch. */
export interface ModelObservation {
  readonly name: string;
  readonly shape: readonly number[];
}

/** An observation input, and the sensors that are joined in it. */
export interface ModelInput extends ModelObservation {
  readonly sensors: readonly number[];
}

/** What a model of this version takes from an agent with these sensors. */
export function modelInputs(
  version: ContractVersion,
  observationSpecs: readonly ObservationSpec[],
): ModelInput[] {
  const sensors = observationSpecs.map(({ shape }, sensor) => ({
    shape,
    sensor,
  }));
  const one = (name: string, { shape, sensor }: typeof sensors[number]) => ({
    name,
    shape,
    sensors: [sensor],
  });
  if (version === 3) {
    return sensors.map((each) => one(`obs_${each.sensor}`, each));
  }
  const ofRank = (rank: number) =>
    sensors.filter(({ shape }) => shape.length === rank);
  const vectors = ofRank(1);
  return [
    ...vectors.length === 0 ? [] : [{
      name: "vector_observation",
      shape: [vectors.reduce((sum, { shape: [size] }) => sum + size, 0)],
      sensors: vectors.map(({ sensor }) => sensor),
    }],
    ...ofRank(3).map((each, i) => one(`visual_observation_${i}`, each)),
    ...ofRank(2).map((each) => one(`obs_${each.sensor}`, each)),
  ];
}

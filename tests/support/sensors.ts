import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import {
  DimensionProperty,
  type ObservationSpec,
  type ObservationType,
  vectorObservation,
} from "../../lib/spec.ts";

const { none, translational, variableSize } = DimensionProperty;

/** A sensor of plain values that may be a goal. */
export function vectorSensor(
  size: number,
  observationType: ObservationType = "default",
): ObservationSpec {
  return { ...vectorObservation(size), observationType };
}

/** A camera: `[channels, height, width]`. */
export function visualSensor(
  shape: readonly [number, number, number],
  observationType: ObservationType = "default",
): ObservationSpec {
  return {
    name: "Camera",
    shape,
    dimensionProperties: [none, translational, translational],
    observationType,
  };
}

/** A list of things: `[entities, features]`. */
export function entitySensor(
  shape: readonly [number, number],
  observationType: ObservationType = "default",
): ObservationSpec {
  return {
    name: "Neighbors",
    shape,
    dimensionProperties: [variableSize, none],
    observationType,
  };
}

/** A small network over the given sensors. */
export function networkSettings(
  observationSpecs: readonly ObservationSpec[],
  change: Partial<NetworkSettings> = {},
): NetworkSettings {
  return {
    observationSpecs,
    hidden_units: 8,
    num_layers: 2,
    vis_encode_type: "simple",
    goal_conditioning_type: "hyper",
    ...change,
  };
}

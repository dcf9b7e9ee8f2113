/** Which kind of network reads an observation (reference 1.2). */
import { UserError } from "../errors.ts";
import { DimensionProperty, type ObservationSpec } from "../spec.ts";

/** `[n]`, `[channels, height, width]` or `[entities, features]`. */
export type ObservationKind = "vector" | "visual" | "entities";

const { unspecified, none, translational, variableSize } = DimensionProperty;

/** The dimension properties of each kind; the number of them is the rank. */
const accepted: Readonly<Record<ObservationKind, readonly string[]>> = {
  vector: [`${none}`, `${unspecified}`],
  visual: [
    `${[none, translational, translational]}`,
    `${[unspecified, unspecified, unspecified]}`,
  ],
  entities: [`${[variableSize, none]}`],
};

const kinds = ["vector", "visual", "entities"] as const;

/** Throws UserError when there is no network for such an observation. */
export function observationKind(spec: ObservationSpec): ObservationKind {
  const { shape, dimensionProperties } = spec;
  const properties = dimensionProperties.slice(0, shape.length).join();
  const kind = kinds.find((each) => accepted[each].includes(properties));
  // A vector may be empty: it says nothing, yet games have such sensors.
  const smallest = kind === "vector" ? 0 : 1;
  if (kind && shape.every((size) => size >= smallest)) return kind;
  throw new UserError({
    what: `no network can read ${describeSensor(spec)}`,
    found: `shape [${shape.join(", ")}], ${describeProperties(spec)}`,
    allowed: "[values], [channels, height, width] with height and width " +
      "translational, or [entities, features] with a variable number of " +
      "entities; no image and no entity without values",
    cure: "Change what the sensor says of its observations in the game.",
  });
}

/** The sensor as messages call it; old players leave names out. */
export function describeSensor({ name }: ObservationSpec): string {
  return name === "" ? "a sensor without a name" : `the sensor "${name}"`;
}

/** `dimensions none, translational`. */
function describeProperties({ dimensionProperties }: ObservationSpec): string {
  const words = dimensionProperties.map((bits) => {
    const set = Object.entries(DimensionProperty)
      .filter(([, bit]) => bit !== 0 && (bits & bit) !== 0)
      .map(([name]) => name === "variableSize" ? "variable size" : name);
    return set.join("+") || "unspecified";
  });
  return `dimensions ${words.join(", ")}`;
}

import type { ObservationSpec } from "../../spec.ts";

/** The spec of a sensor that has grown by one value, row or channel. */
export function enlargedSpec(spec: ObservationSpec): ObservationSpec {
  const [first, ...rest] = spec.shape;
  return { ...spec, shape: [first + 1, ...rest] };
}

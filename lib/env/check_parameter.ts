import { UserError } from "../errors.ts";
import type { EnvironmentParameter } from "./env.ts";

/** Throws a UserError for an environment parameter that has no value to draw. */
export function checkParameter(
  name: string,
  parameter: EnvironmentParameter,
): void {
  const values = valuesOf(parameter);
  let isFit = values.length > 0 && values.every(Number.isFinite);
  if (typeof parameter !== "number") {
    isFit &&= Number.isFinite(parameter.seed);
    if (parameter.kind !== "gaussian") isFit &&= isInPairs(values);
  }
  if (isFit) return;
  throw new UserError({
    what: "The environment parameter has no value to draw",
    path: `environment_parameters.${name}`,
    found: `[${values.join(", ")}]`,
    allowed: "a finite number, or a sampler whose minimum is not above its " +
      "maximum, with at least one interval",
  });
}

function valuesOf(parameter: EnvironmentParameter): number[] {
  if (typeof parameter === "number") return [parameter];
  switch (parameter.kind) {
    case "uniform":
      return [parameter.min, parameter.max];
    case "gaussian":
      return [parameter.mean, parameter.stDev];
    case "multirangeuniform":
      return parameter.intervals.flat();
  }
}

/** True if no lower end lies above its upper end. */
function isInPairs(ends: readonly number[]): boolean {
  return ends.every((end, i) => i % 2 === 0 || ends[i - 1] <= end);
}

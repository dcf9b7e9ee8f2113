/**
 * What an agent sees and does: the vocabulary that simulators, Unity players,
 * networks and files share. Facts: Unity's protocol, sections 5 and 6.
 */

/** Meaning of one dimension of an observation (bit values of Unity's wire). */
export const DimensionProperty = {
  unspecified: 0,
  none: 1,
  translational: 2,
  variableSize: 4,
} as const;

/** `default` feeds the network; `goal` also conditions it. */
export type ObservationType = "default" | "goal";

/** One sensor of an agent. */
export interface ObservationSpec {
  /** The sensor's name; may be empty for old players. */
  readonly name: string;
  /** Sizes without the batch: `[n]`, `[entities, features]` or `[C, H, W]`. */
  readonly shape: readonly number[];
  /** One bit set of {@link DimensionProperty} per dimension. */
  readonly dimensionProperties: readonly number[];
  readonly observationType: ObservationType;
}

/** The actions an agent takes: continuous values, discrete branches, or both. */
export interface ActionSpec {
  /** Number of continuous actions. */
  readonly continuousSize: number;
  /** Number of choices of each discrete branch. */
  readonly discreteBranches: readonly number[];
}

/** Everything a policy must know of a behaviour before it can act. */
export interface BehaviorSpec {
  readonly observationSpecs: readonly ObservationSpec[];
  readonly actionSpec: ActionSpec;
}

/** A behaviour's full name split at its team: `Striker?team=1`. */
export interface BehaviorName {
  readonly name: string;
  readonly team: number;
}

/** Splits `<name>?team=<n>` at the last `?team=`; the team defaults to 0. */
export function parseBehaviorName(fullName: string): BehaviorName {
  const at = fullName.lastIndexOf("?team=");
  if (at < 0) return { name: fullName, team: 0 };
  const team = Number(fullName.slice(at + 6));
  if (!Number.isInteger(team)) return { name: fullName, team: 0 };
  return { name: fullName.slice(0, at), team };
}

/** Number of values in one observation, without the batch. */
export function observationSize(spec: ObservationSpec): number {
  return spec.shape.reduce((product, size) => product * size, 1);
}

/** Sum of all discrete branch sizes: the width of masks and logits. */
export function branchTotal(spec: ActionSpec): number {
  return spec.discreteBranches.reduce((sum, size) => sum + size, 0);
}

/** A vector sensor of `size` plain values. */
export function vectorObservation(
  size: number,
  name = `VectorSensor_size${size}`,
): ObservationSpec {
  return {
    name,
    shape: [size],
    dimensionProperties: [DimensionProperty.none],
    observationType: "default",
  };
}

/**
 * The first thing in which two specs of a behavior differ, in words; null if
 * networks for one fit the other. The sensors' names do not count.
 */
export function specDifference(
  known: BehaviorSpec,
  found: BehaviorSpec,
): string | null {
  const now = traits(found);
  for (const [trait, before] of traits(known)) {
    const after = now.get(trait);
    if (after !== before) return `${trait}: ${after} instead of ${before}`;
  }
  return null;
}

/** What networks depend on, in words; the number of observations first. */
function traits(spec: BehaviorSpec): ReadonlyMap<string, string> {
  const { observationSpecs, actionSpec } = spec;
  return new Map([
    ["number of observations", `${observationSpecs.length}`],
    ...observationSpecs.flatMap((each, i): [string, string][] => [
      [`shape of observation ${i}`, `[${each.shape}]`],
      [`type of observation ${i}`, each.observationType],
      [
        `dimension properties of observation ${i}`,
        `[${each.dimensionProperties}]`,
      ],
    ]),
    ["number of continuous actions", `${actionSpec.continuousSize}`],
    ["discrete branches", `[${actionSpec.discreteBranches}]`],
  ]);
}

/** Judges moments: groups of any size, as they were when members decided. */
import { concat, reshape, split } from "../tensor/build.ts";
import { addDims, multiplyDims } from "../tensor/dims.ts";
import type { Dim, Node, Shape } from "../tensor/operation.ts";
import type { ParameterScope } from "../nn/parameters.ts";
import { repeatRows } from "./group_members.ts";
import type { GroupNodes, Judgement, PocaNetworks } from "./poca_networks.ts";

/**
 * Sizes that groups of at most `places` members are padded to, ascending: the
 * largest, half of it and so on. Small groups are not computed as large ones, and
 * at most half of a group's places are empty.
 */
export function momentSizes(places: number): number[] {
  const sizes = [places];
  while (sizes[0] > 1) sizes.unshift(Math.ceil(sizes[0] / 2));
  return sizes;
}

/** Name of what tells where nobody is in the moments of a size. */
export const absentName = (size: number) => `absent.${size}`;

/** Shapes by {@link absentName}: `[moments, size]`, 1 where nobody is. */
export function absentShapes(places: number): Record<string, Shape> {
  return Object.fromEntries(
    momentSizes(places).map((size) => [
      absentName(size),
      [`moments.${size}`, size],
    ]),
  );
}

/** Number of all places of the moments of all sizes. */
export function momentRows(places: number): Dim {
  return addDims(Object.values(absentShapes(places)).map(multiplyDims));
}

/** Moments of all sizes, small ones first. */
export interface MomentNodes {
  /** Members by state, one place after the other: `[rows, hidden_units]`. */
  readonly states: Node;
  /** The same with their actions; none where every agent is alone. */
  readonly decisions?: Node | undefined;
  /** By {@link absentName}. */
  readonly absent: Readonly<Record<string, Node>>;
}

/** Values and baselines of each place, `[rows, signals]`. */
export function judgeMoments(
  networks: PocaNetworks,
  scope: ParameterScope,
  { states, decisions, absent }: MomentNodes,
  places: number,
): Judgement {
  const sizes = momentSizes(places);
  const nobody = sizes.map((size) => absent[absentName(size)]);
  const rows = nobody.map(({ shape }) => multiplyDims(shape));
  const inGroups = (members: Node) =>
    split(members, 0, rows).map((own, i) =>
      reshape(own, [...nobody[i].shape, members.shape[1]])
    );
  const ofStates = inGroups(states);
  const ofDecisions = decisions && inGroups(decisions);
  const groups = sizes.map((size, i): GroupNodes => ({
    states: ofStates[i],
    decisions: size > 1 ? ofDecisions?.[i] : undefined,
    // All places are taken where the size below is one less.
    absent: i > 0 && size > sizes[i - 1] + 1 ? nobody[i] : undefined,
    places,
  }));
  const judged = networks.judge(scope, groups, {});
  return {
    values: concat(
      judged.map(({ values }, i) => repeatRows(values, sizes[i])),
      0,
    ),
    baselines: concat(judged.map(({ baselines }) => baselines), 0),
  };
}

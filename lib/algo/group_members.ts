/** Rows of an agent's group inside programs. */
import {
  broadcast,
  cast,
  concat,
  constant,
  less,
  reshape,
  select,
  slice,
} from "../tensor/build.ts";
import type { EntitySet } from "../nn/entity_sets.ts";
import { multiplyDims } from "../tensor/dims.ts";
import { type Node, staticDim } from "../tensor/operation.ts";

/** The members of each agent's group: the agent, then its mates. */
export interface GroupMembers {
  /** Their rows, int32 `[batch, 1 + mates]`; some row where there is nobody. */
  readonly rows: Node;
  /** 1 where there is nobody, `[batch, 1 + mates]`. */
  readonly absent: Node;
}

/**
 * From the agents' own rows `[batch]` and those of their mates
 * `[batch, mates]`, -1 = nobody; int32 both.
 */
export function groupMembers(own: Node, mates: Node | undefined): GroupMembers {
  const [batch] = own.shape;
  const first = reshape(own, [batch, 1]);
  const present = broadcast(constant(0), [batch, 1]);
  if (!mates) return { rows: first, absent: present };
  const missing = less(mates, 0);
  return {
    rows: concat([first, select(missing, 0, mates)], 1),
    absent: concat([present, cast(missing, "float32")], 1),
  };
}

/**
 * What is looked at in a group of so many `members`, as numbers of their states
 * and, counted on behind these, of the `acting` members' decisions: all, or all
 * but the first's. First everybody's state, for the value; then, for baselines,
 * an agent's state and its mates' decisions: of the first agent, or of each whose
 * decision is known.
 */
export function groupViews(members: number, acting: number): EntitySet[] {
  const everybody = [...Array(members).keys()];
  const without = members - acting;
  const judged = without === 0 ? everybody : [0];
  return [
    everybody,
    ...judged.map((agent) => [
      agent,
      ...everybody.filter((member) => member !== agent)
        .map((mate) => members + mate - without),
    ]),
  ];
}

/** Every row `times` in a row: `[batch, n]` -> `[batch * times, n]`. */
export function repeatRows(x: Node, times: number): Node {
  const [batch, width] = x.shape;
  return reshape(
    broadcast(reshape(x, [batch, 1, width]), [batch, times, width]),
    [multiplyDims([batch, times]), width],
  );
}

/** Of values of members `[batch * places, n]` the mates' `[batch * mates, n]`. */
export function matesAmong(values: Node, { rows }: GroupMembers): Node {
  const [batch, places] = rows.shape;
  const [, width] = values.shape;
  const count = staticDim(places);
  const each = slice(reshape(values, [batch, count, width]), 1, 1, count);
  return reshape(each, [multiplyDims([batch, count - 1]), width]);
}

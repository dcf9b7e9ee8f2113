import type { Rollout } from "../../lib/data/rollout.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { agentRecords } from "./agent_records.ts";

/** Fills an empty rollout with columns; the advantages serve as rewards. */
export function fillRollout(
  rollout: Rollout,
  columns: NamedArrays,
  count: number,
): void {
  const agents = Array.from({ length: count }, (_, id) => ({ id }));
  rollout.appendDecisions(agentRecords(rollout.spec, agents).decision);
  const take = (name: string) =>
    columns[name] ? Array.from(columns[name].data, Number) : [];
  rollout.observations.forEach((column, sensor) =>
    column.set(take(`obs_${sensor}`))
  );
  rollout.continuous.set(take("continuous"));
  rollout.discrete.set(take("discrete"));
  rollout.mask.set(take("mask"));
  rollout.rewards.set(take("advantages"));
}

import { createAgentColumns } from "../../lib/env/columns.ts";
import type { BehaviorSteps } from "../../lib/env/env.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";

/** One agent's record; what is left out is zero. */
export interface AgentRecord {
  readonly id: number;
  readonly reward?: number;
  readonly groupId?: number;
  readonly groupReward?: number;
  /** The first value of the first sensor. */
  readonly sees?: number;
  readonly interrupted?: boolean;
  /** Of all branches, 1 = allowed. */
  readonly mask?: readonly number[];
}

/** What an environment reports of a behavior in one step. */
export function agentRecords(
  spec: BehaviorSpec,
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
): BehaviorSteps {
  const columns = (records: readonly AgentRecord[]) => {
    // Longer than needed, as an environment's columns may be.
    const result = createAgentColumns(spec, records.length + 2);
    result.rewards.fill(NaN);
    for (const record of records) {
      const row = result.addRow(record.id, record.groupId);
      result.rewards[row] = record.reward ?? 0;
      result.groupRewards[row] = record.groupReward ?? 0;
      result.interrupted[row] = Number(record.interrupted ?? false);
      if (record.mask) {
        result.maskActions().set(record.mask, row * record.mask.length);
      }
      const [first] = result.observations;
      const width = first.length / result.agentIds.length;
      first[row * width] = record.sees ?? 0;
    }
    return result;
  };
  return { decision: columns(decisions), terminal: columns(ends) };
}

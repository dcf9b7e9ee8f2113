/** One agent's part of columns: views that the next step makes invalid. */
import { type BehaviorSpec, branchTotal, observationSize } from "../spec.ts";
import type { AgentColumns, DecisionSteps } from "./env.ts";

/** The row of an agent, or -1 if it is not among the records. */
export function rowOfAgent(columns: AgentColumns, agentId: number): number {
  return columns.agentIds.subarray(0, columns.count).indexOf(agentId);
}

/** What a sensor of the agent in `row` observes: `[...shape]`, flat. */
export function observationOfRow(
  columns: AgentColumns,
  { observationSpecs }: BehaviorSpec,
  row: number,
  sensor = 0,
): Float32Array {
  const size = observationSize(observationSpecs[sensor]);
  return columns.observations[sensor].subarray(row * size, (row + 1) * size);
}

/** `[sum of branches]`, 1 = allowed; null = everything is allowed. */
export function maskOfRow(
  { actionMask }: DecisionSteps,
  { actionSpec }: BehaviorSpec,
  row: number,
): Uint8Array | null {
  const width = branchTotal(actionSpec);
  return actionMask?.subarray(row * width, (row + 1) * width) ?? null;
}

/** Actions to begin with: zeros, at random, or of one agent alone. */
import { UserError } from "../errors.ts";
import type { ActionSpec } from "../spec.ts";
import type { RandomGenerator } from "../util/random.ts";
import { rowOfAgent } from "./agent_rows.ts";
import { checkActions } from "./columns.ts";
import type { ActionColumns, AgentAction, DecisionSteps } from "./env.ts";

/** How many agents an error lists. */
const listedAgents = 10;

/** Zeros for `count` agents: what happens where no action is set. */
export function zeroActions(spec: ActionSpec, count: number): ActionColumns {
  return {
    continuous: new Float32Array(count * spec.continuousSize),
    discrete: new Int32Array(count * spec.discreteBranches.length),
  };
}

/**
 * An action for every agent that decides, drawn evenly: continuous values from
 * -1 to 1, in each branch one of the choices that the agent's mask allows.
 */
export function randomActions(
  spec: ActionSpec,
  { count, actionMask }: Pick<DecisionSteps, "count" | "actionMask">,
  random: RandomGenerator,
): ActionColumns {
  const actions = zeroActions(spec, count);
  const { continuous, discrete } = actions;
  for (let i = 0; i < continuous.length; i++) {
    continuous[i] = random.between(-1, 1);
  }
  const branches = spec.discreteBranches;
  let start = 0;
  for (let i = 0; i < discrete.length; i++) {
    const size = branches[i % branches.length];
    discrete[i] = randomChoice(size, random, actionMask, start);
    start += size;
  }
  return actions;
}

/**
 * One of `size` choices, evenly among those that have a 1 in the mask from
 * `start` on; 0 where all are masked.
 */
export function randomChoice(
  size: number,
  random: RandomGenerator,
  mask: Uint8Array | null = null,
  start = 0,
): number {
  if (!mask) return random.integer(size);
  const end = start + size;
  let allowed = 0;
  for (let i = start; i < end; i++) allowed += mask[i];
  let rest = random.integer(allowed);
  for (let i = start; i < end; i++) {
    if (mask[i] === 1 && rest-- === 0) return i - start;
  }
  return 0;
}

/**
 * Writes an agent's action into its row of `actions`, which are those of
 * `decision`. Throws a UserError if the agent does not wait for one, and if
 * the action does not fit the spec.
 */
export function placeAction(
  behavior: string,
  spec: ActionSpec,
  decision: DecisionSteps,
  agentId: number,
  action: AgentAction,
  actions: ActionColumns,
): void {
  const row = rowOfAgent(decision, agentId);
  if (row < 0) throw doesNotWait(behavior, decision, agentId);
  const continuous = Float32Array.from(action.continuous ?? []);
  const discrete = Int32Array.from(action.discrete ?? [], wholeNumber);
  checkActions(behavior, spec, 1, { continuous, discrete }, agentId);
  actions.continuous.set(continuous, row * spec.continuousSize);
  actions.discrete.set(discrete, row * spec.discreteBranches.length);
}

function wholeNumber(value: number): number {
  // What an Int32Array cannot hold must not become another choice.
  return (value | 0) === value ? value : -1;
}

function doesNotWait(
  behavior: string,
  { agentIds, count }: DecisionSteps,
  agentId: number,
): UserError {
  const listed = agentIds.subarray(0, Math.min(count, listedAgents)).join(", ");
  return new UserError({
    what: `Agent ${agentId} does not wait for an action`,
    path: behavior,
    allowed: count === 0
      ? "no agent does at present"
      : `agents ${listed}${count > listedAgents ? ", ..." : ""}`,
  });
}

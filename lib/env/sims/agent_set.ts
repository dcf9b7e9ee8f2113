/**
 * The agents of a simulator's behavior: which of them are alive, what they do,
 * earn and report. Facts: Unity's environments, sections 1.2 and 1.9.
 */
import type { ActionSpec, BehaviorSpec } from "../../spec.ts";
import type { NamedArray } from "../../util/arrays.ts";
import { placeAction, zeroActions } from "../actions.ts";
import {
  checkActions,
  createAgentColumns,
  type MutableAgentColumns,
} from "../columns.ts";
import type { ActionColumns, AgentAction } from "../env.ts";
import type { LiveArrays } from "./saved_state.ts";

/** Writes an agent's observations into `row` of each sensor's column. */
type Observe = (
  agent: number,
  observations: readonly Float32Array[],
  row: number,
) => void;

/** Agents are counted from 0; that is also their id in the records. */
export class AgentSet {
  /** The action in force, `[agents, continuousSize]`. */
  readonly continuous: Float32Array;
  /** The action in force, `[agents, branches]`. */
  readonly discrete: Int32Array;
  /** 1 = alive: the agent decides and acts. */
  readonly isAlive: Uint8Array;
  readonly decision: MutableAgentColumns;
  readonly terminal: MutableAgentColumns;
  readonly #behavior: string;
  readonly #spec: ActionSpec;
  /** By agent; 0 = none. */
  readonly #groupIds: Int32Array;
  /** Rewards since the agent's last record. */
  readonly #rewards: Float32Array;
  readonly #groupRewards: Float32Array;
  /** 1 = the agent has decided since its last end. */
  readonly #hasDecided: Uint8Array;
  readonly #observe: Observe;

  /** As many agents as `groupIds` has entries. */
  constructor(
    behavior: string,
    spec: BehaviorSpec,
    groupIds: Int32Array,
    observe: Observe,
  ) {
    const agents = groupIds.length;
    const { continuous, discrete } = zeroActions(spec.actionSpec, agents);
    this.#behavior = behavior;
    this.#spec = spec.actionSpec;
    this.continuous = continuous;
    this.discrete = discrete;
    this.isAlive = new Uint8Array(agents);
    this.decision = createAgentColumns(spec, agents);
    this.terminal = createAgentColumns(spec, agents);
    this.#groupIds = groupIds;
    this.#rewards = new Float32Array(agents);
    this.#groupRewards = new Float32Array(agents);
    this.#hasDecided = new Uint8Array(agents);
    this.#observe = observe;
  }

  /** Decisions and ends that are to be reported. */
  get recordCount(): number {
    return this.decision.count + this.terminal.count;
  }

  clearRecords(): void {
    this.decision.clear();
    this.terminal.clear();
  }

  /** An agent's episode begins: it lives, has earned nothing, does nothing. */
  begin(agent: number): void {
    this.isAlive[agent] = 1;
    this.#hasDecided[agent] = 0;
    this.#rewards[agent] = 0;
    this.#groupRewards[agent] = 0;
    const { continuousSize, discreteBranches } = this.#spec;
    const branches = discreteBranches.length;
    const { continuous, discrete } = this;
    continuous.fill(0, agent * continuousSize, (agent + 1) * continuousSize);
    discrete.fill(0, agent * branches, (agent + 1) * branches);
  }

  /** An agent's episode ends; it is told of if the agent has decided in it. */
  end(agent: number, isInterrupted: boolean): void {
    if (this.#hasDecided[agent]) {
      const row = this.#addRecord(this.terminal, agent);
      this.terminal.interrupted[row] = Number(isInterrupted);
    }
    this.isAlive[agent] = 0;
  }

  /** All living agents ask for an action, which is zero until it is set. */
  decide(): void {
    this.decision.clear();
    this.continuous.fill(0);
    this.discrete.fill(0);
    for (let agent = 0; agent < this.isAlive.length; agent++) {
      if (!this.isAlive[agent]) continue;
      this.#addRecord(this.decision, agent);
      this.#hasDecided[agent] = 1;
    }
  }

  /** Adds to the reward since the agent's last record. */
  addReward(agent: number, reward: number): void {
    this.#rewards[agent] += reward;
  }

  /** Replaces the reward since the agent's last record. */
  setReward(agent: number, reward: number): void {
    this.#rewards[agent] = reward;
  }

  /** Adds to what the agent's group has earned since its last record. */
  addGroupReward(agent: number, reward: number): void {
    this.#groupRewards[agent] += reward;
  }

  /** Actions of all that decide; a UserError tells of those that do not fit. */
  setActions(actions: ActionColumns): void {
    const { count, agentIds } = this.decision;
    checkActions(this.#behavior, this.#spec, count, actions);
    for (let row = 0; row < count; row++) {
      this.#setAction(agentIds[row], actions, row);
    }
  }

  /** The action of one that decides; throws a UserError otherwise. */
  setAction(agent: number, action: AgentAction): void {
    const { decision } = this;
    const actions = zeroActions(this.#spec, decision.count);
    placeAction(
      this.#behavior,
      this.#spec,
      decision,
      agent,
      action,
      actions,
    );
    this.#setAction(agent, actions, decision.agentIds.indexOf(agent));
  }

  #setAction(agent: number, actions: ActionColumns, row: number): void {
    const { continuousSize, discreteBranches } = this.#spec;
    const branches = discreteBranches.length;
    for (let i = 0; i < continuousSize; i++) {
      const value = actions.continuous[row * continuousSize + i];
      this.continuous[agent * continuousSize + i] = value;
    }
    for (let i = 0; i < branches; i++) {
      const choice = actions.discrete[row * branches + i];
      this.discrete[agent * branches + i] = choice;
    }
  }

  #addRecord(columns: MutableAgentColumns, agent: number): number {
    const row = columns.addRow(agent, this.#groupIds[agent]);
    columns.rewards[row] = this.#rewards[agent];
    columns.groupRewards[row] = this.#groupRewards[agent];
    this.#rewards[agent] = 0;
    this.#groupRewards[agent] = 0;
    this.#observe(agent, columns.observations, row);
    return row;
  }

  /** How many decisions and ends there are, `[2]`. */
  get counts(): NamedArray<Int32Array> {
    const { decision, terminal } = this;
    return { data: Int32Array.of(decision.count, terminal.count), shape: [2] };
  }

  /** As many records as there were. */
  restoreCounts({ data }: NamedArray): void {
    this.decision.count = Number(data[0]);
    this.terminal.count = Number(data[1]);
  }

  /** All state but the counts, for saving and restoring. */
  liveArrays(): LiveArrays {
    return {
      continuous: this.continuous,
      discrete: this.discrete,
      isAlive: this.isAlive,
      rewards: this.#rewards,
      groupRewards: this.#groupRewards,
      hasDecided: this.#hasDecided,
      ...recordArrays("decision", this.decision),
      ...recordArrays("terminal", this.terminal),
    };
  }
}

/** The columns that simulators without action masks use. */
function recordArrays(kind: string, columns: MutableAgentColumns): LiveArrays {
  const sensors = columns.observations.map((values, sensor) => [
    `${kind}/observation_${sensor}`,
    values,
  ]);
  return {
    [`${kind}/agentIds`]: columns.agentIds,
    [`${kind}/rewards`]: columns.rewards,
    [`${kind}/groupIds`]: columns.groupIds,
    [`${kind}/groupRewards`]: columns.groupRewards,
    [`${kind}/interrupted`]: columns.interrupted,
    ...Object.fromEntries(sensors),
  };
}

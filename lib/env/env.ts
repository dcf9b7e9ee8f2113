/**
 * The one interface of every world: built-in simulators and Unity players.
 * Experience is exchanged as columns (one typed array per field, one row per
 * agent), never as an object per agent.
 */
import type { BehaviorSpec } from "../spec.ts";
import type { NamedArrays } from "../util/arrays.ts";

/**
 * One batch of agents' records. Only the first `count` rows are in use; the
 * arrays may be longer and may be reused by the next `step` or `reset`, so
 * copy what must outlive it.
 */
export interface AgentColumns {
  readonly count: number;
  /** Unique within one environment, stable for the length of an episode. */
  readonly agentIds: Int32Array;
  /** One array per sensor, `[count, ...shape]`; images may be shared memory. */
  readonly observations: readonly Float32Array[];
  /** Reward since the agent's previous record. */
  readonly rewards: Float32Array;
  /** 0 = the agent has no group. */
  readonly groupIds: Int32Array;
  /** Group reward since the agent's previous record. */
  readonly groupRewards: Float32Array;
}

/** Agents that wait for an action. */
export interface DecisionSteps extends AgentColumns {
  /** `[count, sum of branches]`, 1 = allowed; null = everything is allowed. */
  readonly actionMask: Uint8Array | null;
}

/** Agents whose episode ended; the observation is the last of that episode. */
export interface TerminalSteps extends AgentColumns {
  /** 1 = ended from outside (step limit): the value there is not zero. */
  readonly interrupted: Uint8Array;
}

/**
 * What happened to a behaviour's agents in one step. Terminal records come
 * first: an agent may end and start its next episode in the same step. An
 * agent's first decision of an episode carries no transition.
 */
export interface BehaviorSteps {
  readonly decision: DecisionSteps;
  readonly terminal: TerminalSteps;
}

/** Actions for the agents of the latest `decision`, in its order. */
export interface ActionColumns {
  /** `[count, continuousSize]`, in -1..1. */
  readonly continuous: Float32Array;
  /** `[count, branches]`, an index per branch. */
  readonly discrete: Int32Array;
}

/** The action of one agent; a part that its behavior lacks may be left out. */
export interface AgentAction {
  /** `[continuousSize]`, in -1..1. */
  readonly continuous?: ArrayLike<number>;
  /** `[branches]`, an index per branch. */
  readonly discrete?: ArrayLike<number>;
}

/** How several values of one statistic become one. */
export type StatisticAggregation = "average" | "latest" | "sum" | "histogram";

/** A named figure that the environment reports about itself. */
export interface EnvironmentStatistic {
  readonly name: string;
  readonly value: number;
  readonly aggregation: StatisticAggregation;
}

/** A number, or a distribution that the environment draws from at each read. */
export type EnvironmentParameter =
  | number
  | { readonly kind: "uniform"; min: number; max: number; seed: number }
  | { readonly kind: "gaussian"; mean: number; stDev: number; seed: number }
  | {
    readonly kind: "multirangeuniform";
    intervals: readonly (readonly [number, number])[];
    seed: number;
  };

/**
 * A world with agents, closed by `await using`. Methods that return void
 * finish at once.
 */
export interface Environment extends AsyncDisposable {
  /** Behaviours seen so far by full name; complete after `reset` as a rule. */
  readonly behaviorSpecs: ReadonlyMap<string, BehaviorSpec>;
  /** Version of Unity's package ML-Agents in a player; others have none. */
  readonly packageVersion?: string;
  /** True where no observation can be a number that is not finite. */
  readonly hasFiniteObservations?: boolean;
  /** Starts all episodes anew; unfinished ones are dropped without a record. */
  reset(): void | Promise<void>;
  /** Applies the set actions and goes on until some agent decides or ends. */
  step(): void | Promise<void>;
  /** The records of the latest `reset` or `step`. */
  getSteps(behavior: string): BehaviorSteps;
  /** Actions for the decision records of `getSteps`; missing ones are zero. */
  setActions(behavior: string, actions: ActionColumns): void;
  /** The action of one agent that waits for one; the others keep theirs. */
  setAction(behavior: string, agentId: number, action: AgentAction): void;
  /** Takes effect with the next `reset` or `step`. */
  setParameters(
    parameters: Readonly<Record<string, EnvironmentParameter>>,
  ): void;
  /** Statistics reported since the last call. */
  takeStatistics(): EnvironmentStatistic[];
  /** The whole state, random generators included, where that is possible. */
  snapshot?(): NamedArrays;
  /** Continues from a snapshot of an environment of the same making. */
  restore?(state: NamedArrays): void;
  close(): void | Promise<void>;
}

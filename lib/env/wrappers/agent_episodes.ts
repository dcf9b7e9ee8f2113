import type { BehaviorSteps, Environment } from "../env.ts";
import type { AgentInfo } from "./agent_info.ts";
import type { ObservationView } from "./observation_view.ts";
import { WrappedBehavior } from "./wrapped_behavior.ts";

/** Where an agent stands after a step. */
export interface AgentState<Observation> {
  /** The latest one: an agent that does not decide keeps what it saw last. */
  readonly observation: Observation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: AgentInfo;
}

/**
 * Follows each agent through one episode from a reset on, by the names
 * `BEHAVIOR?agent_id=ID`. An agent that has ended is not heard of any more,
 * though its world may have begun its next episode.
 */
export class AgentEpisodes<Observation> {
  /** The behavior of every agent that has ever been there. */
  readonly behaviorOf = new Map<string, WrappedBehavior<Observation>>();
  /** The agents of the present step, those that end in it included. */
  readonly #states = new Map<string, AgentState<Observation>>();
  readonly #live = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #behaviors = new Map<string, WrappedBehavior<Observation>>();

  constructor(private readonly view: ObservationView<Observation>) {}

  /** Agents in their episodes, in the order of their appearance. */
  get live(): ReadonlySet<string> {
    return this.#live;
  }

  /** True if some agent decides. */
  get someoneWaits(): boolean {
    for (const agent of this.#live) {
      if (this.#states.get(agent)?.info.awaitsAction) return true;
    }
    return false;
  }

  /** The states of all agents of the present step. */
  get states(): ReadonlyMap<string, AgentState<Observation>> {
    return this.#states;
  }

  /** Forgets all episodes. */
  clear(): void {
    for (const agents of [this.#states, this.#live, this.#ended]) {
      agents.clear();
    }
  }

  /** Begins a step: nothing has happened yet to the agents still live. */
  beginStep(): void {
    for (const [agent, state] of this.#states) {
      if (!this.#live.has(agent)) this.#states.delete(agent);
      else {
        const idle = { groupReward: 0, actionMask: null, awaitsAction: false };
        const info = { ...state.info, ...idle };
        this.#states.set(agent, { ...state, reward: 0, info });
      }
    }
  }

  /** Takes in an environment's latest records: ends first, then decisions. */
  follow(environment: Environment): void {
    for (const [name, spec] of environment.behaviorSpecs) {
      let behavior = this.#behaviors.get(name);
      if (!behavior) {
        behavior = new WrappedBehavior(name, spec, this.view);
        this.#behaviors.set(name, behavior);
      }
      const steps = environment.getSteps(name);
      this.#followEnds(behavior, steps);
      this.#followDecisions(behavior, steps);
    }
  }

  #followEnds(
    behavior: WrappedBehavior<Observation>,
    { terminal }: BehaviorSteps,
  ): void {
    for (let row = 0; row < terminal.count; row++) {
      const agent = agentName(behavior.name, terminal.agentIds[row]);
      // An agent may end that has never decided, or has ended before.
      if (!this.#live.delete(agent)) continue;
      this.#ended.add(agent);
      const truncated = terminal.interrupted[row] === 1;
      this.#states.set(agent, {
        observation: behavior.observation(terminal, row),
        reward: terminal.rewards[row],
        terminated: !truncated,
        truncated,
        info: behavior.info(terminal, row, null),
      });
    }
  }

  #followDecisions(
    behavior: WrappedBehavior<Observation>,
    { decision }: BehaviorSteps,
  ): void {
    for (let row = 0; row < decision.count; row++) {
      const agent = agentName(behavior.name, decision.agentIds[row]);
      if (this.#ended.has(agent)) continue;
      const info = behavior.info(decision, row, decision);
      // No action of ours led to an agent's first record.
      const isFirst = !this.#live.has(agent);
      this.#states.set(agent, {
        observation: behavior.observation(decision, row),
        reward: isFirst ? 0 : decision.rewards[row],
        terminated: false,
        truncated: false,
        info: isFirst ? { ...info, groupReward: 0 } : info,
      });
      this.#live.add(agent);
      this.behaviorOf.set(agent, behavior);
    }
  }
}

function agentName(behavior: string, agentId: number): string {
  return `${behavior}?agent_id=${agentId}`;
}

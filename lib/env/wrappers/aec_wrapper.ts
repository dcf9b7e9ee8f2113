import { UserError } from "../../errors.ts";
import type { SpaceAction } from "./action_space.ts";
import type { AgentInfo } from "./agent_info.ts";
import type { ResetOptions } from "./environment_source.ts";
import type { ByAgent, ParallelWrapper } from "./parallel_wrapper.ts";
import type { Space } from "./spaces.ts";

/**
 * An environment whose agents take turns, by the methods of PettingZoo's AEC
 * API. All agents that decide act at once in Unity: the world goes on when the
 * last of them has had its turn.
 *
 * ```ts
 * await environment.reset();
 * for (const agent of environment.agentIter()) {
 *   const [observation, , terminated, truncated] = environment.last();
 *   const hasEnded = terminated || truncated;
 *   await environment.step(hasEnded ? null : policy(agent, observation));
 * }
 * ```
 */
export class AecWrapper<Observation> implements AsyncDisposable {
  readonly #parallel: ParallelWrapper<Observation>;
  #observations: ByAgent<Observation> = {};
  #rewards: ByAgent<number> = {};
  #terminations: ByAgent<boolean> = {};
  #truncations: ByAgent<boolean> = {};
  #infos: ByAgent<AgentInfo> = {};
  /** Agents whose turn is to come: those that ended, then those that decide. */
  #turns: string[] = [];
  #actions: Record<string, SpaceAction> = {};

  /** Closing it closes the wrapped environment. */
  constructor(parallel: ParallelWrapper<Observation>) {
    this.#parallel = parallel;
  }

  /** The agents in their episodes, and those whose end is still to be told. */
  get agents(): string[] {
    const ended = this.#turns.filter((agent) => this.#hasEnded(agent));
    return [...ended, ...this.#parallel.agents];
  }

  /** All agents that have been there so far. */
  get possibleAgents(): string[] {
    return this.#parallel.possibleAgents;
  }

  /** The agent whose turn it is; null = no agent is left. */
  get agentSelection(): string | null {
    return this.#turns[0] ?? null;
  }

  /** What every agent earned in the latest step of the world. */
  get rewards(): ByAgent<number> {
    return this.#rewards;
  }

  get terminations(): ByAgent<boolean> {
    return this.#terminations;
  }

  get truncations(): ByAgent<boolean> {
    return this.#truncations;
  }

  get infos(): ByAgent<AgentInfo> {
    return this.#infos;
  }

  /** Throws a UserError for an agent that has never been there. */
  observationSpace(agent: string): Space<Observation> {
    return this.#parallel.observationSpace(agent);
  }

  /** Throws a UserError for an agent that has never been there. */
  actionSpace(agent: string): Space<SpaceAction> {
    return this.#parallel.actionSpace(agent);
  }

  /** Begins all episodes anew. */
  async reset(options: ResetOptions = {}): Promise<void> {
    const [observations, infos] = await this.#parallel.reset(options);
    const { agents } = this.#parallel;
    this.#observations = observations;
    this.#infos = infos;
    this.#rewards = forAll(agents, 0);
    this.#terminations = forAll(agents, false);
    this.#truncations = forAll(agents, false);
    this.#beginTurns();
  }

  /** Gives the agent whose turn it is until none is left, or `maxIter` times. */
  *agentIter(maxIter = Infinity): Generator<string, void, void> {
    for (let i = 0; i < maxIter; i++) {
      const agent = this.agentSelection;
      if (agent === null) return;
      yield agent;
    }
  }

  /** What an agent has observed last. Throws a UserError if it is not there. */
  observe(agent: string): Observation {
    if (Object.hasOwn(this.#observations, agent)) {
      return this.#observations[agent];
    }
    throw new UserError({
      what: "There is no such agent at present",
      found: `"${agent}"`,
    });
  }

  /**
   * What the agent whose turn it is has to know; the reward is that of its
   * latest action. Throws a UserError if no agent is left.
   */
  last(): [
    observation: Observation,
    reward: number,
    terminated: boolean,
    truncated: boolean,
    info: AgentInfo,
  ] {
    const agent = this.#selected();
    return [
      this.#observations[agent],
      this.#rewards[agent],
      this.#terminations[agent],
      this.#truncations[agent],
      this.#infos[agent],
    ];
  }

  /**
   * The turn of one agent: its action, or null if it has ended. Throws a
   * UserError for one in place of the other and if no agent is left.
   */
  async step(action: SpaceAction | null): Promise<void> {
    const agent = this.#selected();
    if ((action === null) !== this.#hasEnded(agent)) {
      throw new UserError({
        what: action === null
          ? "An agent that awaits an action got none"
          : "An agent that has ended cannot act",
        path: agent,
        allowed: action === null ? "an action of its space" : "null",
      });
    }
    if (action !== null) this.#actions[agent] = action;
    const isLast = this.#turns.length === 1;
    if (isLast && this.#parallel.numAgents > 0) await this.#advance();
    else this.#turns.shift();
  }

  /** Closes the environment. */
  async close(): Promise<void> {
    await this.#parallel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #advance(): Promise<void> {
    [
      this.#observations,
      this.#rewards,
      this.#terminations,
      this.#truncations,
      this.#infos,
    ] = await this.#parallel.step(this.#actions);
    this.#beginTurns();
  }

  #beginTurns(): void {
    const agents = Object.keys(this.#infos);
    this.#actions = {};
    this.#turns = [
      ...agents.filter((agent) => this.#hasEnded(agent)),
      ...agents.filter((agent) => this.#infos[agent].awaitsAction),
    ];
  }

  #hasEnded(agent: string): boolean {
    return this.#terminations[agent] || this.#truncations[agent];
  }

  #selected(): string {
    const agent = this.agentSelection;
    if (agent !== null) return agent;
    throw new UserError({
      what: "No agent's turn is to come",
      cure: "Call reset first, and when all agents have ended.",
    });
  }
}

function forAll<T>(agents: readonly string[], value: T): ByAgent<T> {
  return Object.fromEntries(agents.map((agent) => [agent, value]));
}

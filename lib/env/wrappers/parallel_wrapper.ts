import { nearestName, UserError } from "../../errors.ts";
import type { SpaceAction } from "./action_space.ts";
import { AgentEpisodes, type AgentState } from "./agent_episodes.ts";
import type { AgentInfo } from "./agent_info.ts";
import {
  type EnvironmentSource,
  type ResetOptions,
  SeededEnvironment,
} from "./environment_source.ts";
import { type ObservationView, singleSensor } from "./observation_view.ts";
import type { Space } from "./spaces.ts";
import type { WrappedBehavior } from "./wrapped_behavior.ts";

/** How to wrap an environment. */
export interface WrapOptions {
  /** Seed for a function's first environment; 0 by default. */
  readonly seed?: number;
}

/** Values by the names of agents. */
export type ByAgent<T> = Readonly<Record<string, T>>;

/** What `step` gives, for every agent of the step. */
export type ParallelStep<Observation> = [
  observations: ByAgent<Observation>,
  rewards: ByAgent<number>,
  terminations: ByAgent<boolean>,
  truncations: ByAgent<boolean>,
  infos: ByAgent<AgentInfo>,
];

/**
 * An environment with many agents, by the methods of PettingZoo's Parallel
 * API. Each agent plays one episode after a reset; when it has ended it stays
 * away until the next reset, though its world may go on with it. Agents are
 * named `BEHAVIOR?agent_id=ID`; those that appear later join in.
 */
export class ParallelWrapper<Observation> implements AsyncDisposable {
  readonly #source: SeededEnvironment;
  readonly #episodes: AgentEpisodes<Observation>;

  private constructor(
    source: SeededEnvironment,
    view: ObservationView<Observation>,
  ) {
    this.#source = source;
    this.#episodes = new AgentEpisodes(view);
  }

  /**
   * Wraps an environment, or the one that a function makes, and resets it to
   * meet its agents. Observations are those of agents with one sensor, unless
   * the options name another view, such as `allSensors`. Throws a UserError if
   * sensors do not fit the view; the environment is closed then.
   */
  static wrap(
    source: EnvironmentSource,
    options?: WrapOptions,
  ): Promise<ParallelWrapper<Float32Array>>;
  static wrap<Observation>(
    source: EnvironmentSource,
    options: WrapOptions & { observations: ObservationView<Observation> },
  ): Promise<ParallelWrapper<Observation>>;
  static async wrap(
    source: EnvironmentSource,
    { seed = 0, observations = singleSensor }: WrapOptions & {
      observations?: ObservationView<unknown>;
    } = {},
  ): Promise<ParallelWrapper<unknown>> {
    const held = await SeededEnvironment.open(source, seed);
    const wrapper = new ParallelWrapper(held, observations);
    try {
      await wrapper.reset();
    } catch (error) {
      await wrapper.close();
      throw error;
    }
    return wrapper;
  }

  /** The agents in their episodes. */
  get agents(): string[] {
    return [...this.#episodes.live];
  }

  /** All agents that have been there so far. */
  get possibleAgents(): string[] {
    return [...this.#episodes.behaviorOf.keys()];
  }

  get numAgents(): number {
    return this.#episodes.live.size;
  }

  get maxNumAgents(): number {
    return this.#episodes.behaviorOf.size;
  }

  /** Throws a UserError for an agent that has never been there. */
  observationSpace(agent: string): Space<Observation> {
    return this.#behaviorOf(agent).observationSpace;
  }

  /** Throws a UserError for an agent that has never been there. */
  actionSpace(agent: string): Space<SpaceAction> {
    return this.#behaviorOf(agent).actionSpace;
  }

  /** Begins all episodes anew. */
  async reset(options: ResetOptions = {}): Promise<
    [observations: ByAgent<Observation>, infos: ByAgent<AgentInfo>]
  > {
    await this.#source.reset(options);
    this.#episodes.clear();
    this.#episodes.follow(this.#source.environment);
    while (this.numAgents === 0) await this.#advance();
    const [observations, , , , infos] = this.#results();
    return [observations, infos];
  }

  /**
   * Acts, and goes on until some agent decides again or none is left.
   * `actions` holds one for each agent that awaits it; for agents that do not
   * decide they are ignored. Throws a UserError if no agent is left, and if an
   * action is missing or wrong.
   */
  async step(
    actions: ByAgent<SpaceAction>,
  ): Promise<ParallelStep<Observation>> {
    this.#act(actions);
    this.#episodes.beginStep();
    do await this.#advance(); while (
      this.numAgents > 0 && !this.#episodes.someoneWaits
    );
    return this.#results();
  }

  /** Closes the environment. */
  async close(): Promise<void> {
    await this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #act(actions: ByAgent<SpaceAction>): void {
    if (this.numAgents === 0) {
      throw new UserError({
        what: "There is no agent left to act",
        cure: "All have ended: call reset.",
      });
    }
    for (const agent of Object.keys(actions)) this.#behaviorOf(agent);
    for (const agent of this.#episodes.live) {
      const info = this.#episodes.states.get(agent)?.info;
      if (!info?.awaitsAction) continue;
      if (!Object.hasOwn(actions, agent)) {
        throw new UserError({
          what: "An agent that awaits an action got none",
          path: agent,
        });
      }
      const action = this.#behaviorOf(agent).toAgentAction(actions[agent]);
      const { behavior, agentId } = info;
      this.#source.environment.setAction(behavior, agentId, action);
    }
  }

  async #advance(): Promise<void> {
    await this.#source.environment.step();
    this.#episodes.follow(this.#source.environment);
  }

  #results(): ParallelStep<Observation> {
    return [
      this.#collect(({ observation }) => observation),
      this.#collect(({ reward }) => reward),
      this.#collect(({ terminated }) => terminated),
      this.#collect(({ truncated }) => truncated),
      this.#collect(({ info }) => info),
    ];
  }

  #collect<T>(value: (state: AgentState<Observation>) => T): ByAgent<T> {
    const { states } = this.#episodes;
    return Object.fromEntries(
      Array.from(states, ([agent, state]) => [agent, value(state)]),
    );
  }

  #behaviorOf(agent: string): WrappedBehavior<Observation> {
    const behavior = this.#episodes.behaviorOf.get(agent);
    if (behavior) return behavior;
    const nearest = nearestName(agent, this.possibleAgents);
    throw new UserError({
      what: "There has never been such an agent",
      found: `"${agent}"`,
      cure: nearest && `Did you mean "${nearest}"?`,
    });
  }
}

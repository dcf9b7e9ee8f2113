import { UserError } from "../../errors.ts";
import type { SpaceAction } from "./action_space.ts";
import type { AgentInfo } from "./agent_info.ts";
import type { EnvironmentSource, ResetOptions } from "./environment_source.ts";
import { type ObservationView, singleSensor } from "./observation_view.ts";
import { ParallelWrapper, type WrapOptions } from "./parallel_wrapper.ts";
import type { Space } from "./spaces.ts";

/** What `step` gives. */
export type GymnasiumStep<Observation> = [
  observation: Observation,
  reward: number,
  terminated: boolean,
  truncated: boolean,
  info: AgentInfo,
];

/**
 * An environment with exactly one agent, by the methods of Gymnasium. A step
 * lasts until the agent decides again or its episode ends; an episode that is
 * interrupted from outside is truncated.
 */
export class GymnasiumWrapper<Observation> implements AsyncDisposable {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<SpaceAction>;
  readonly #parallel: ParallelWrapper<Observation>;
  /** The agent in its episode; null = there has to be a reset first. */
  #agent: string | null = null;

  private constructor(parallel: ParallelWrapper<Observation>) {
    const agent = onlyAgent(parallel.agents);
    this.#parallel = parallel;
    this.observationSpace = parallel.observationSpace(agent);
    this.actionSpace = parallel.actionSpace(agent);
  }

  /**
   * Wraps an environment, or the one that a function makes, and resets it to
   * meet its agent. The observation is that of its one sensor, unless the
   * options name another view, such as `allSensors`. Throws a UserError if
   * sensors do not fit the view or there are several agents; the environment
   * is closed then.
   */
  static wrap(
    source: EnvironmentSource,
    options?: WrapOptions,
  ): Promise<GymnasiumWrapper<Float32Array>>;
  static wrap<Observation>(
    source: EnvironmentSource,
    options: WrapOptions & { observations: ObservationView<Observation> },
  ): Promise<GymnasiumWrapper<Observation>>;
  static async wrap(
    source: EnvironmentSource,
    { seed, observations = singleSensor }: WrapOptions & {
      observations?: ObservationView<unknown>;
    } = {},
  ): Promise<GymnasiumWrapper<unknown>> {
    const options = { seed, observations };
    const parallel = await ParallelWrapper.wrap(source, options);
    try {
      return new GymnasiumWrapper(parallel);
    } catch (error) {
      await parallel.close();
      throw error;
    }
  }

  /** Begins an episode. */
  async reset(
    options: ResetOptions = {},
  ): Promise<[observation: Observation, info: AgentInfo]> {
    const [observations, infos] = await this.#parallel.reset(options);
    const agent = onlyAgent(this.#parallel.agents);
    this.#agent = agent;
    return [observations[agent], infos[agent]];
  }

  /**
   * Acts until the agent decides again or has ended; then `reset` comes next.
   * Throws a UserError without a reset, for a wrong action and when further
   * agents appear.
   */
  async step(action: SpaceAction): Promise<GymnasiumStep<Observation>> {
    const agent = this.#agent;
    if (agent === null) {
      throw new UserError({
        what: "There is no episode to go on with",
        cure: "Call reset first, and after each end.",
      });
    }
    const [observations, rewards, terminations, truncations, infos] = await this
      .#parallel.step({ [agent]: action });
    const terminated = terminations[agent];
    const truncated = truncations[agent];
    if (terminated || truncated) this.#agent = null;
    else onlyAgent(this.#parallel.agents);
    return [
      observations[agent],
      rewards[agent],
      terminated,
      truncated,
      infos[agent],
    ];
  }

  /** Closes the environment. */
  async close(): Promise<void> {
    await this.#parallel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function onlyAgent(agents: readonly string[]): string {
  if (agents.length === 1) return agents[0];
  throw new UserError({
    what: "This wrapper is for exactly one agent",
    found: `${agents.length} agents: ${agents.slice(0, 3).join(", ")}` +
      (agents.length > 3 ? ", ..." : ""),
    cure: "Take one area of the scene, or ParallelWrapper for several agents.",
  });
}

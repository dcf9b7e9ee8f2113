import type { Environment, EnvironmentParameter } from "../../env.ts";
import type { SideChannelMessage } from "../../unity/side_channels/framing.ts";
import { statisticMessages } from "../../unity/side_channels/statistics.ts";
import type { InfoFault, PlayerWorld, WorldOptions } from "../player_world.ts";
import { type AgentIds, SimulatedBehavior } from "./simulated_behavior.ts";

/**
 * A built-in simulator behind a player. It resets at once, where Unity's
 * academy makes one more step without actions.
 */
export class SimulatedWorld implements PlayerWorld {
  readonly behaviors = new Map<string, SimulatedBehavior>();
  readonly #environment: Environment;
  readonly #options: WorldOptions;
  readonly #ids: AgentIds;
  #hasBegun = false;
  #fault: InfoFault | null = null;

  constructor(environment: Environment, options: WorldOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#ids = options.hasEpisodeIds ? new EpisodeIds() : stableIds;
  }

  async advance(isReset: boolean): Promise<void> {
    const starts = isReset || !this.#hasBegun;
    this.#hasBegun = true;
    await (starts ? this.#environment.reset() : this.#environment.step());
    const { dialect } = this.#options;
    for (const [name, spec] of this.#environment.behaviorSpecs) {
      if (this.behaviors.has(name)) continue;
      this.behaviors.set(
        name,
        new SimulatedBehavior(
          name,
          this.#environment,
          spec,
          dialect,
          this.#ids,
        ),
      );
    }
    if (!this.#fault) return;
    for (const behavior of this.behaviors.values()) {
      if (behavior.infoCount === 0) continue;
      behavior.spoil(this.#fault);
      break;
    }
    this.#fault = null;
  }

  spoilNext(fault: InfoFault): void {
    this.#fault = fault;
  }

  setParameter(name: string, parameter: EnvironmentParameter): void {
    this.#environment.setParameters({ [name]: parameter });
  }

  /** Simulators have no side channels of their own. */
  receive(): boolean {
    return false;
  }

  takeMessages(): SideChannelMessage[] {
    return statisticMessages(this.#environment.takeStatistics());
  }

  async close(): Promise<void> {
    await this.#environment.close();
  }
}

/** Each agent keeps the number that the simulator gave it. */
const stableIds: AgentIds = { current: (agent) => agent, end: () => {} };

/** Each episode has an id of its own, in the order of their beginnings. */
class EpisodeIds implements AgentIds {
  readonly #ids = new Map<number, number>();
  #next = 0;

  current(agent: number): number {
    const id = this.#ids.get(agent) ?? this.#next++;
    this.#ids.set(agent, id);
    return id;
  }

  end(agent: number): void {
    this.#ids.set(agent, this.#next++);
  }
}

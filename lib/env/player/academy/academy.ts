import type { EnvironmentStatistic, StatisticAggregation } from "../../env.ts";
import type { AgentInfoFields } from "../../unity/messages/agent_info_writer.ts";
import type { Dialect } from "../dialect.ts";
import type { InfoFault } from "../player_world.ts";
import type { Sensor } from "../sensors/sensor.ts";
import { AcademyBehavior } from "./academy_behavior.ts";
import type { Agent } from "./agent.ts";

/** What an academy is made with. */
export interface AcademyOptions {
  readonly dialect: Dialect;
  /** An agent gets a new id after each end, as before package 1.0. */
  readonly hasEpisodeIds: boolean;
  /** Tells the user something. */
  readonly log: (line: string) => void;
}

/**
 * Runs a scene's agents step by step in the order of Unity's academy. A step
 * has two halves: {@link ask}, in which agents tell what they see, and
 * {@link act}; the trainer's answer comes in between. Facts: Unity's protocol,
 * sections 3.4, 4 and 9.
 */
export class Academy {
  readonly dialect: Dialect;
  readonly behaviors = new Map<string, AcademyBehavior>();
  /** Steps since the latest reset. */
  stepCount = 0;
  /** Steps in all. */
  totalSteps = 0;
  /** True from the first reset on. */
  hasBegun = false;
  readonly #agents: Agent[] = [];
  readonly #options: AcademyOptions;
  #nextId = 0;
  #groups = 0;
  #fault: InfoFault | null = null;
  #statistics: EnvironmentStatistic[] = [];

  constructor(options: AcademyOptions) {
    this.dialect = options.dialect;
    this.#options = options;
  }

  /** The first half of a step; true = there is something to tell. */
  ask(): boolean {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.reset();
    }
    this.#forEach((agent) => agent.update());
    this.#forEach((agent) => agent.request(this.stepCount));
    this.stepCount++;
    this.totalSteps++;
    this.#forEach((agent) => agent.stepCount++);
    this.#forEach((agent) => agent.decide());
    return [...this.behaviors.values()].some(({ infoCount }) => infoCount > 0);
  }

  /** The second half: what has been told is forgotten, agents act. */
  act(): void {
    for (const behavior of this.behaviors.values()) behavior.clear();
    this.#forEach((agent) => agent.step());
  }

  /**
   * Begins all episodes anew without telling their ends. Actions in force,
   * rewards and ids stay.
   */
  reset(): void {
    this.stepCount = 0;
    this.#forEach((agent) => agent.restart());
  }

  addStatistic(
    name: string,
    value: number,
    aggregation: StatisticAggregation = "average",
  ): void {
    this.#statistics.push({ name, value, aggregation });
  }

  /** Statistics since the last call. */
  takeStatistics(): EnvironmentStatistic[] {
    return this.#statistics.splice(0);
  }

  /** The next info will have this fault. */
  spoilNext(fault: InfoFault): void {
    this.#fault = fault;
  }

  /** Takes an agent in and returns its id; for {@link Agent}. */
  enroll(agent: Agent): number {
    this.#agents.push(agent);
    const { behavior, actionSpec } = agent;
    if (!this.behaviors.has(behavior)) {
      this.behaviors.set(
        behavior,
        new AcademyBehavior(behavior, actionSpec, this.dialect),
      );
    }
    return this.#nextId++;
  }

  /** Lets an agent go; for {@link Agent}. */
  dismiss(agent: Agent): void {
    this.#agents.splice(this.#agents.indexOf(agent), 1);
  }

  /** The id that an agent goes on with after an end; for {@link Agent}. */
  idAfterEnd(agent: Agent): number {
    return this.#options.hasEpisodeIds ? this.#nextId++ : agent.id;
  }

  /** Notes an info for the next message; for {@link Agent}. */
  tell(
    agent: Agent,
    fields: Omit<AgentInfoFields, "id">,
    sensors: readonly Sensor[],
  ): void {
    const fault = this.#fault;
    this.#fault = null;
    this.behaviors.get(agent.behavior)?.add(agent, fields, sensors, fault);
  }

  /** A number that no group has yet; for {@link AgentGroup}. */
  nextGroupId(): number {
    if (this.#groups === 0 && !this.dialect.agreesOn("multiAgentGroups")) {
      this.#options.log("Warning: the trainer will not hear of groups.");
    }
    return ++this.#groups;
  }

  /** Agents may come and go meanwhile; those that have gone are left out. */
  #forEach(visit: (agent: Agent) => void): void {
    for (const agent of [...this.#agents]) if (agent.isEnabled) visit(agent);
  }
}

/**
 * What all simulators share: the order of events of a Unity player, so that
 * the same agents behave alike in process and over the wire. Facts: Unity's
 * environments, section 1.2, and protocol, sections 4 and 9.
 */
import { UserError } from "../../errors.ts";
import type { BehaviorSpec } from "../../spec.ts";
import type { NamedArrays } from "../../util/arrays.ts";
import { RandomGenerator } from "../../util/random.ts";
import { findBehavior } from "../columns.ts";
import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentParameter,
  EnvironmentStatistic,
} from "../env.ts";
import { AgentSet } from "./agent_set.ts";
import { ParameterReader } from "./parameter_reader.ts";
import {
  type LiveArrays,
  restoreArrays,
  saveArrays,
  savedArray,
} from "./saved_state.ts";

/** What every simulator is made with. */
export interface SimulatorOptions {
  readonly seed: number;
  /** Independent copies of the game; the scene's own number by default. */
  readonly areas?: number;
  readonly parameters?: Readonly<Record<string, EnvironmentParameter>>;
}

/** What a game tells about itself. */
export interface Game {
  /** Full name: `3DBall?team=0`. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  /** Agents of each area's group; without it one agent and no group. */
  readonly groupSize?: number;
  /** Steps from one decision to the next; the action is repeated between. */
  readonly decisionPeriod: number;
  /** Steps until an episode is interrupted; 0 = no limit. */
  readonly maxStep: number;
  /** Names of the environment parameters. */
  readonly parameters: readonly string[];
}

/**
 * A scene of areas, each with one agent or a group of agents, all of one
 * behavior. A game fills in how episodes begin, what agents observe and do, and
 * how its world moves on. The agents of area `a` are `a * groupSize` and those
 * after it; without groups an agent's number is that of its area.
 *
 * One step: agents ask for decisions on multiples of the period, act, end at
 * the step limit; then the world moves. Ends of one step are reported with the
 * next one, so a report holds terminal records, decisions, or both. An area
 * whose episode ended begins anew at once; its agents act with zeros until
 * their next decision.
 */
export abstract class Simulator implements Environment {
  readonly behaviorSpecs: ReadonlyMap<string, BehaviorSpec>;
  protected readonly areas: number;
  protected readonly random: RandomGenerator;
  protected readonly parameters: ParameterReader;
  /** The action in force, `[agents, continuousSize]`. */
  protected readonly continuous: Float32Array;
  /** The action in force, `[agents, branches]`. */
  protected readonly discrete: Int32Array;
  /** 1 = the agent has not been removed in its area's present episode. */
  protected readonly isAlive: Readonly<Uint8Array>;
  readonly #game: Game;
  readonly #groupSize: number;
  readonly #agents: AgentSet;
  /** Steps since the reset; -1 before the first one. */
  #stepCount = -1;
  /** By area. */
  readonly #episodeSteps: Int32Array;
  readonly #steps: ReadonlyMap<string, AgentSet>;

  constructor(game: Game, options: SimulatorOptions & { areas: number }) {
    const { behavior, spec, groupSize } = game;
    const { areas, seed } = options;
    if (!Number.isInteger(areas) || areas < 1) {
      throw new UserError({
        what: "A simulator cannot have this number of areas",
        found: String(areas),
        allowed: "a whole number, 1 or more",
      });
    }
    this.#game = game;
    this.areas = areas;
    this.random = new RandomGenerator(seed, behavior);
    this.parameters = new ParameterReader(seed, game.parameters);
    this.parameters.set(options.parameters ?? {});
    this.#groupSize = groupSize ?? 1;
    const groupIds = Int32Array.from(
      { length: areas * this.#groupSize },
      (_, agent) => groupSize ? 1 + Math.floor(agent / groupSize) : 0,
    );
    const agents = this.#agents = new AgentSet(
      behavior,
      spec,
      groupIds,
      (agent, observations, row) => this.observe(agent, observations, row),
    );
    this.continuous = agents.continuous;
    this.discrete = agents.discrete;
    this.isAlive = agents.isAlive;
    this.#episodeSteps = new Int32Array(areas);
    this.#steps = new Map([[behavior, agents]]);
    this.behaviorSpecs = new Map([[behavior, spec]]);
  }

  /** Prepares an area for a new episode. */
  protected abstract beginEpisode(area: number): void;
  /** Writes the agent's observations into `row` of each sensor's column. */
  protected abstract observe(
    agent: number,
    observations: readonly Float32Array[],
    row: number,
  ): void;
  /** Carries out the agent's action: one step of it. */
  protected abstract act(agent: number): void;
  /** Moves the world on by one step. */
  protected advance(): void {}
  /** The game's own state, to be saved and overwritten in place. */
  protected abstract liveArrays(): LiveArrays;

  /** Adds to the reward since the agent's last record. */
  protected addReward(agent: number, reward: number): void {
    this.#agents.addReward(agent, reward);
  }

  /** Replaces the reward since the agent's last record. */
  protected setReward(agent: number, reward: number): void {
    this.#agents.setReward(agent, reward);
  }

  /** Rewards the living agents of an area together. */
  protected addGroupReward(area: number, reward: number): void {
    const first = area * this.#groupSize;
    for (let agent = first; agent < first + this.#groupSize; agent++) {
      if (this.isAlive[agent]) this.#agents.addGroupReward(agent, reward);
    }
  }

  /** Ends an agent's episode; it is gone until the area's next one. */
  protected removeAgent(agent: number): void {
    this.#agents.end(agent, false);
  }

  /** Ends the episodes of an area's living agents and begins the next one. */
  protected endEpisode(area: number, isInterrupted = false): void {
    const first = area * this.#groupSize;
    for (let agent = first; agent < first + this.#groupSize; agent++) {
      if (this.isAlive[agent]) this.#agents.end(agent, isInterrupted);
    }
    this.#begin(area);
  }

  reset(): void {
    this.#stepCount = 0;
    this.#agents.clearRecords();
    for (let area = 0; area < this.areas; area++) this.#begin(area);
    this.#agents.decide();
  }

  step(): void {
    if (this.#stepCount < 0) return this.reset();
    this.#agents.clearRecords();
    do {
      for (let area = 0; area < this.areas; area++) this.#act(area);
      this.advance();
      this.#stepCount++;
      if (this.#stepCount % this.#game.decisionPeriod === 0) {
        this.#agents.decide();
      }
    } while (this.#agents.recordCount === 0);
  }

  getSteps(behavior: string): BehaviorSteps {
    return findBehavior(this.#steps, behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    findBehavior(this.#steps, behavior).setActions(actions);
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    findBehavior(this.#steps, behavior).setAction(agentId, action);
  }

  setParameters(
    parameters: Readonly<Record<string, EnvironmentParameter>>,
  ): void {
    this.parameters.set(parameters);
  }

  takeStatistics(): EnvironmentStatistic[] {
    return [];
  }

  snapshot(): NamedArrays {
    return {
      ...saveArrays(this.#allArrays()),
      stepCount: { data: Float64Array.of(this.#stepCount), shape: [1] },
      recordCounts: this.#agents.counts,
      random: this.random.snapshot(),
      ...this.parameters.snapshot(),
    };
  }

  restore(state: NamedArrays): void {
    restoreArrays(this.#allArrays(), state);
    this.#stepCount = Number(savedArray(state, "stepCount", 1).data[0]);
    this.#agents.restoreCounts(savedArray(state, "recordCounts", 2));
    this.random.restore(savedArray(state, "random", 4));
    this.parameters.restore(state);
  }

  close(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #begin(area: number): void {
    this.#episodeSteps[area] = 0;
    const first = area * this.#groupSize;
    for (let agent = first; agent < first + this.#groupSize; agent++) {
      this.#agents.begin(agent);
    }
    this.beginEpisode(area);
  }

  /** The area's living agents act; then its episode may be at its limit. */
  #act(area: number): void {
    const steps = ++this.#episodeSteps[area];
    const first = area * this.#groupSize;
    for (let agent = first; agent < first + this.#groupSize; agent++) {
      if (this.isAlive[agent]) this.act(agent);
    }
    const isSameEpisode = this.#episodeSteps[area] === steps;
    if (steps === this.#game.maxStep && isSameEpisode) {
      this.endEpisode(area, true);
    }
  }

  #allArrays(): LiveArrays {
    return {
      ...this.liveArrays(),
      ...this.#agents.liveArrays(),
      episodeSteps: this.#episodeSteps,
    };
  }
}

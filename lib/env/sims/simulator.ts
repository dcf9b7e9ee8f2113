/**
 * What all simulators share: the order of events of a Unity player, so that
 * the same agents behave alike in process and over the wire. Facts: Unity's
 * environments, section 1.2, and protocol, sections 4 and 9.
 */
import { UserError } from "../../errors.ts";
import type { BehaviorSpec } from "../../spec.ts";
import type { NamedArrays } from "../../util/arrays.ts";
import { RandomGenerator } from "../../util/random.ts";
import { placeAction } from "../actions.ts";
import {
  checkActions,
  createAgentColumns,
  findBehavior,
  type MutableAgentColumns,
} from "../columns.ts";
import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentParameter,
  EnvironmentStatistic,
} from "../env.ts";
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
  /** Steps from one decision to the next; the action is repeated between. */
  readonly decisionPeriod: number;
  /** Steps until an episode is interrupted; 0 = no limit. */
  readonly maxStep: number;
  /** Names of the environment parameters. */
  readonly parameters: readonly string[];
}

/**
 * A scene with one agent in each area, all of one behavior. A game fills in
 * how episodes begin, what agents observe and do, and how its world moves on.
 *
 * One step: agents ask for decisions on multiples of the period, act, end at
 * the step limit; then the world moves. Ends of one step are reported with the
 * next one, so a report holds terminal records, decisions, or both. An agent
 * that ended begins anew at once and acts with zeros until its next decision.
 */
export abstract class Simulator implements Environment {
  readonly behaviorSpecs: ReadonlyMap<string, BehaviorSpec>;
  protected readonly areas: number;
  protected readonly random: RandomGenerator;
  protected readonly parameters: ParameterReader;
  /** The action in force, `[areas, continuousSize]`. */
  protected readonly continuous: Float32Array;
  /** The action in force, `[areas, branches]`. */
  protected readonly discrete: Int32Array;
  readonly #game: Game;
  /** Steps since the reset; -1 before the first one. */
  #stepCount = -1;
  readonly #episodeSteps: Int32Array;
  /** Rewards since the agent's last record. */
  readonly #rewards: Float32Array;
  /** 1 = the agent has decided since its last end. */
  readonly #hasDecided: Uint8Array;
  readonly #decision: MutableAgentColumns;
  readonly #terminal: MutableAgentColumns;
  readonly #steps: ReadonlyMap<string, BehaviorSteps>;

  constructor(game: Game, options: SimulatorOptions & { areas: number }) {
    const { behavior, spec } = game;
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
    const { continuousSize, discreteBranches } = spec.actionSpec;
    this.continuous = new Float32Array(areas * continuousSize);
    this.discrete = new Int32Array(areas * discreteBranches.length);
    this.#episodeSteps = new Int32Array(areas);
    this.#rewards = new Float32Array(areas);
    this.#hasDecided = new Uint8Array(areas);
    const decision = this.#decision = createAgentColumns(spec, areas);
    const terminal = this.#terminal = createAgentColumns(spec, areas);
    this.#steps = new Map([[behavior, { decision, terminal }]]);
    this.behaviorSpecs = new Map([[behavior, spec]]);
  }

  /** Prepares an area for a new episode. */
  protected abstract beginEpisode(area: number): void;
  /** Writes the agent's observations into `row` of each sensor's column. */
  protected abstract observe(
    area: number,
    observations: readonly Float32Array[],
    row: number,
  ): void;
  /** Carries out the agent's action: one step of it. */
  protected abstract act(area: number): void;
  /** Moves the world on by one step. */
  protected advance(): void {}
  /** The game's own state, to be saved and overwritten in place. */
  protected abstract liveArrays(): LiveArrays;

  /** Adds to the reward since the agent's last record. */
  protected addReward(area: number, reward: number): void {
    this.#rewards[area] += reward;
  }

  /** Replaces the reward since the agent's last record. */
  protected setReward(area: number, reward: number): void {
    this.#rewards[area] = reward;
  }

  /** Ends the agent's episode and begins its next one. */
  protected endEpisode(area: number, isInterrupted = false): void {
    if (this.#hasDecided[area]) {
      const row = this.#addRecord(this.#terminal, area);
      this.#terminal.interrupted[row] = Number(isInterrupted);
    }
    this.#begin(area);
  }

  reset(): void {
    this.#stepCount = 0;
    this.#terminal.clear();
    for (let area = 0; area < this.areas; area++) this.#begin(area);
    this.#decide();
  }

  step(): void {
    if (this.#stepCount < 0) return this.reset();
    const { decisionPeriod, maxStep } = this.#game;
    this.#decision.clear();
    this.#terminal.clear();
    let isDecisionStep: boolean;
    do {
      for (let area = 0; area < this.areas; area++) {
        const steps = ++this.#episodeSteps[area];
        this.act(area);
        if (steps === maxStep && this.#episodeSteps[area] === steps) {
          this.endEpisode(area, true);
        }
      }
      this.advance();
      this.#stepCount++;
      isDecisionStep = this.#stepCount % decisionPeriod === 0;
    } while (!isDecisionStep && this.#terminal.count === 0);
    if (isDecisionStep) this.#decide();
  }

  getSteps(behavior: string): BehaviorSteps {
    return findBehavior(this.#steps, behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    const { actionSpec } = findBehavior(this.behaviorSpecs, behavior);
    checkActions(behavior, actionSpec, this.#decision.count, actions);
    // Either no agent decides or all do, in the order of their areas.
    this.continuous.set(actions.continuous);
    this.discrete.set(actions.discrete);
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    const { decision } = findBehavior(this.#steps, behavior);
    placeAction(
      behavior,
      this.#game.spec.actionSpec,
      decision,
      agentId,
      action,
      {
        continuous: this.continuous,
        discrete: this.discrete,
      },
    );
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
      counters: {
        data: Float64Array.of(
          this.#stepCount,
          this.#decision.count,
          this.#terminal.count,
        ),
        shape: [3],
      },
      random: this.random.snapshot(),
      ...this.parameters.snapshot(),
    };
  }

  restore(state: NamedArrays): void {
    restoreArrays(this.#allArrays(), state);
    [this.#stepCount, this.#decision.count, this.#terminal.count] = Array.from(
      savedArray(state, "counters", 3).data,
      Number,
    );
    this.random.restore(savedArray(state, "random", 4));
    this.parameters.restore(state);
  }

  close(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #begin(area: number): void {
    const { continuousSize, discreteBranches } = this.#game.spec.actionSpec;
    this.#episodeSteps[area] = 0;
    this.#rewards[area] = 0;
    this.#hasDecided[area] = 0;
    this.continuous.fill(0, area * continuousSize, (area + 1) * continuousSize);
    const branches = discreteBranches.length;
    this.discrete.fill(0, area * branches, (area + 1) * branches);
    this.beginEpisode(area);
  }

  /** All agents ask for an action, which is zero until it is set. */
  #decide(): void {
    this.#decision.clear();
    this.continuous.fill(0);
    this.discrete.fill(0);
    for (let area = 0; area < this.areas; area++) {
      this.#addRecord(this.#decision, area);
      this.#hasDecided[area] = 1;
    }
  }

  #addRecord(columns: MutableAgentColumns, area: number): number {
    const row = columns.addRow(area);
    columns.rewards[row] = this.#rewards[area];
    this.#rewards[area] = 0;
    this.observe(area, columns.observations, row);
    return row;
  }

  #allArrays(): LiveArrays {
    return {
      ...this.liveArrays(),
      continuous: this.continuous,
      discrete: this.discrete,
      episodeSteps: this.#episodeSteps,
      rewards: this.#rewards,
      hasDecided: this.#hasDecided,
      ...recordArrays("decision", this.#decision),
      ...recordArrays("terminal", this.#terminal),
    };
  }
}

/** The columns that a simulator without groups and masks uses. */
function recordArrays(kind: string, columns: MutableAgentColumns): LiveArrays {
  const sensors = columns.observations.map((values, sensor) => [
    `${kind}/observation_${sensor}`,
    values,
  ]);
  return {
    [`${kind}/agentIds`]: columns.agentIds,
    [`${kind}/rewards`]: columns.rewards,
    [`${kind}/interrupted`]: columns.interrupted,
    ...Object.fromEntries(sensors),
  };
}

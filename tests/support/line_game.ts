import { placeAction } from "../../lib/env/actions.ts";
import {
  checkActions,
  createAgentColumns,
  findBehavior,
  type MutableAgentColumns,
} from "../../lib/env/columns.ts";
import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentStatistic,
} from "../../lib/env/env.ts";
import {
  type BehaviorSpec,
  type ObservationSpec,
  vectorObservation,
} from "../../lib/spec.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const timePenalty = 0.01;
const successReward = 1.06;
/** In the memory game the goal is not seen after so many moves. */
const lastSight = 2;

interface LineGameOptions {
  readonly seed: number;
  readonly continuousSize?: number;
  /** Number of branches with two choices each. */
  readonly branches?: number;
  /** How far a position moves at most in one step. */
  readonly stepSize?: number;
  readonly observationSpecs?: readonly ObservationSpec[];
  /** The memory game: the goal is seen at the beginning only. */
  readonly hidesGoal?: boolean;
  /** Full names; each behavior plays a game of its own. */
  readonly behaviors?: readonly string[];
}

/**
 * The game of the learning tests: move every position from 0 to the end of the
 * line, -1 or +1, that the observation names; in the memory game, that it named
 * at first. Written against the public interface alone, as a user would write a
 * world. Facts: algorithms, 10.1.
 */
export class LineGame implements Environment {
  readonly behaviorSpecs: ReadonlyMap<string, BehaviorSpec>;
  readonly #games: ReadonlyMap<string, Line>;

  constructor(options: LineGameOptions) {
    const {
      seed,
      continuousSize = 0,
      branches = 0,
      stepSize = 0.2,
      observationSpecs = [vectorObservation(1)],
      hidesGoal = false,
      behaviors = ["Line?team=0"],
    } = options;
    const discreteBranches = new Array<number>(branches).fill(2);
    const spec: BehaviorSpec = {
      observationSpecs,
      actionSpec: { continuousSize, discreteBranches },
    };
    this.behaviorSpecs = new Map(behaviors.map((name) => [name, spec]));
    let nextAgentId = 0;
    const takeAgentId = () => nextAgentId++;
    this.#games = new Map(behaviors.map((name) => {
      const random = new RandomGenerator(seed, `line game ${name}`);
      return [name, new Line(spec, stepSize, hidesGoal, random, takeAgentId)];
    }));
  }

  /** The sum of rewards of each finished episode of a behavior. */
  finalRewards(behavior: string): readonly number[] {
    return findBehavior(this.#games, behavior).finalRewards;
  }

  reset(): void {
    for (const game of this.#games.values()) game.reset();
  }

  step(): void {
    for (const game of this.#games.values()) game.step();
  }

  getSteps(behavior: string): BehaviorSteps {
    return findBehavior(this.#games, behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    const game = findBehavior(this.#games, behavior);
    const { count } = game.decision;
    checkActions(behavior, game.spec.actionSpec, count, actions);
    game.continuous.set(actions.continuous);
    game.discrete.set(actions.discrete);
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    const game = findBehavior(this.#games, behavior);
    const { actionSpec } = game.spec;
    placeAction(behavior, actionSpec, game.decision, agentId, action, game);
  }

  /** The game has no parameters. */
  setParameters(): void {}

  takeStatistics(): EnvironmentStatistic[] {
    return [];
  }

  close(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** One behavior's game. */
class Line implements BehaviorSteps {
  readonly decision: MutableAgentColumns;
  readonly terminal: MutableAgentColumns;
  readonly finalRewards: number[] = [];
  readonly continuous: Float32Array;
  readonly discrete: Int32Array;
  readonly #positions: Float64Array;
  #goal = 0;
  #agentId = 0;
  #episodeReward = 0;
  /** Moves of single positions in this episode. */
  #moves = 0;

  constructor(
    readonly spec: BehaviorSpec,
    private readonly stepSize: number,
    private readonly hidesGoal: boolean,
    private readonly random: RandomGenerator,
    private readonly takeAgentId: () => number,
  ) {
    const { continuousSize, discreteBranches } = spec.actionSpec;
    this.decision = createAgentColumns(spec, 1);
    this.terminal = createAgentColumns(spec, 1);
    this.continuous = new Float32Array(continuousSize);
    this.discrete = new Int32Array(discreteBranches.length);
    this.#positions = new Float64Array(
      continuousSize + discreteBranches.length,
    );
  }

  reset(): void {
    this.terminal.clear();
    this.#begin();
  }

  step(): void {
    this.terminal.clear();
    const { continuous, discrete, stepSize } = this;
    const positions = this.#positions;
    positions.forEach((position, i) => {
      const move = i < continuous.length
        ? clamp(continuous[i], stepSize)
        : discrete[i - continuous.length] === 1
        ? stepSize
        : -stepSize;
      positions[i] = clamp(position + move, 1);
    });
    this.#moves += positions.length;
    const hasEnded = positions.every((position) => Math.abs(position) === 1);
    const mean = positions.reduce((sum, p) => sum + p) / positions.length;
    const reward = hasEnded ? successReward * this.#goal * mean : -timePenalty;
    this.#episodeReward += reward;
    if (hasEnded) {
      this.#record(this.terminal, reward);
      this.finalRewards.push(this.#episodeReward);
      this.#begin();
    } else {
      this.#record(this.decision, reward);
    }
  }

  #begin(): void {
    this.#goal = this.random.integer(2) * 2 - 1;
    this.#agentId = this.takeAgentId();
    this.#episodeReward = 0;
    this.#moves = 0;
    this.#positions.fill(0);
    this.#record(this.decision, 0);
  }

  /** The agent's record in either columns; the next action is zero so far. */
  #record(columns: MutableAgentColumns, reward: number): void {
    columns.clear();
    const row = columns.addRow(this.#agentId);
    columns.rewards[row] = reward;
    const seen = this.hidesGoal && this.#moves > lastSight ? 0 : this.#goal;
    for (const values of columns.observations) values.fill(seen);
    this.continuous.fill(0);
    this.discrete.fill(0);
  }
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

import { placeAction } from "../../lib/env/actions.ts";
import { checkActions, findBehavior } from "../../lib/env/columns.ts";
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
import { GroupLine } from "./group_line.ts";
import { Line } from "./line.ts";

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
  /** The group game: so many agents in a group; 0 = one agent on its own. */
  readonly members?: number;
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
  readonly #games: ReadonlyMap<string, Line | GroupLine>;

  constructor(options: LineGameOptions) {
    const {
      seed,
      continuousSize = 0,
      branches = 0,
      stepSize = 0.2,
      observationSpecs = [vectorObservation(1)],
      hidesGoal = false,
      members = 0,
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
      const line = members > 0
        ? new GroupLine(spec, stepSize, members, random)
        : new Line(spec, stepSize, hidesGoal, random, takeAgentId);
      return [name, line];
    }));
  }

  /**
   * The sum of rewards of each finished episode of a behavior; of a group what
   * each member's end was worth.
   */
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

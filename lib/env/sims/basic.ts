import { vectorObservation } from "../../spec.ts";
import { type Game, Simulator, type SimulatorOptions } from "./simulator.ts";

const positions = 20;
const start = 10;
const goals = [{ position: 7, reward: 0.1 }, { position: 17, reward: 1 }];
/** How far each action moves: stay, left, right. */
const moves = [0, -1, 1];

const game: Game = {
  behavior: "Basic?team=0",
  spec: {
    observationSpecs: [vectorObservation(positions)],
    actionSpec: { continuousSize: 0, discreteBranches: [3] },
  },
  decisionPeriod: 1,
  maxStep: 0,
  parameters: ["gravity"],
};

/**
 * A walk on a line from 10 to one of two goals: 7 (+0.1) or 17 (+1.0), at
 * -0.01 a move. Observation `[20]`: one-hot of the position. Actions: 0 stay,
 * 1 left, 2 right. Best return 0.93. The parameter `gravity` has no effect, as
 * in Unity's scene. Facts: Unity's environments, section 3.
 */
export class Basic extends Simulator {
  static readonly defaultAreas = 1;
  readonly #positions: Int32Array;

  constructor(options: SimulatorOptions) {
    const areas = options.areas ?? Basic.defaultAreas;
    super(game, { ...options, areas });
    this.#positions = new Int32Array(areas);
  }

  protected override beginEpisode(area: number): void {
    this.#positions[area] = start;
  }

  protected override observe(
    area: number,
    observations: readonly Float32Array[],
    row: number,
  ): void {
    const [column] = observations;
    column.fill(0, row * positions, (row + 1) * positions);
    column[row * positions + this.#positions[area]] = 1;
  }

  protected override act(area: number): void {
    const position = this.#positions[area] += moves[this.discrete[area]];
    this.addReward(area, -0.01);
    for (const goal of goals) {
      if (position !== goal.position) continue;
      this.addReward(area, goal.reward);
      this.endEpisode(area);
    }
  }

  protected override liveArrays() {
    return { positions: this.#positions };
  }
}

import { vectorObservation } from "../../../spec.ts";
import {
  type Game,
  Simulator,
  type SimulatorOptions,
} from "../../sims/simulator.ts";
import type { WorldFactory } from "../player_world.ts";
import { SimulatedWorld } from "../simulated/simulated_world.ts";

const size = 8;
const actions = 2;

const game: Game = {
  behavior: "Floats?team=0",
  spec: {
    observationSpecs: [vectorObservation(size)],
    actionSpec: { continuousSize: actions, discreteBranches: [] },
  },
  decisionPeriod: 1,
  maxStep: 100,
  parameters: [],
};

/**
 * Sees eight numbers and aims at the first two. Reward of a step: 1 less half
 * the distance in both directions.
 */
class Floats extends Simulator {
  /** `[areas, size]`. */
  readonly #seen: Float32Array;

  constructor(options: SimulatorOptions & { readonly areas: number }) {
    super(game, options);
    this.#seen = new Float32Array(options.areas * size);
  }

  protected override beginEpisode(area: number): void {
    for (let i = area * size; i < (area + 1) * size; i++) {
      this.#seen[i] = this.random.between(-1, 1);
    }
  }

  protected override observe(
    area: number,
    [column]: readonly Float32Array[],
    row: number,
  ): void {
    for (let i = 0; i < size; i++) {
      column[row * size + i] = this.#seen[area * size + i];
    }
  }

  protected override act(area: number): void {
    let distance = 0;
    for (let i = 0; i < actions; i++) {
      const aim = this.continuous[area * actions + i];
      distance += Math.abs(aim - this.#seen[area * size + i]);
    }
    this.addReward(area, 1 - distance / 2);
  }

  protected override liveArrays() {
    return { seen: this.#seen };
  }
}

/**
 * A world that costs next to nothing, however many agents it has, so that a
 * benchmark times the trainer: one agent in each area.
 */
export const floats: WorldFactory = (options) =>
  new SimulatedWorld(new Floats(options), options);

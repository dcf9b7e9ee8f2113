import { vectorObservation } from "../../spec.ts";
import { BalancedBalls } from "./balanced_balls.ts";
import { type Game, Simulator, type SimulatorOptions } from "./simulator.ts";

const game: Game = {
  behavior: "3DBall?team=0",
  spec: {
    observationSpecs: [vectorObservation(8)],
    actionSpec: { continuousSize: 2, discreteBranches: [] },
  },
  decisionPeriod: 5,
  maxStep: 5000,
  parameters: ["mass", "scale", "gravity"],
};

/** Degrees that the box turns in one step at full action. */
const turnPerStep = 2;
/** The box turns on while its quaternion component is within this. */
const turnLimit = 0.25;

/**
 * Unity's 3DBall: a box that tilts to keep a ball on it, one in each area.
 *
 * Observation `[8]`: z and x of the box's quaternion, ball minus box (x, y, z,
 * metres), ball velocity (x, y, z, metres per second). Actions `[2]`: turn
 * about the box's own z and x axis. Reward 0.1 per decision, -1 when the ball
 * is lost; interrupted after 5000 steps (1000 decisions, return 100).
 * Parameters, read when an area begins an episode: `scale` of the ball (1),
 * `gravity` (9.81) and `mass`, which has no effect on a box that never gives
 * way. Facts: Unity's environments, section 4.
 */
export class ThreeDBall extends Simulator {
  static readonly defaultAreas = 12;
  readonly #balls: BalancedBalls;

  constructor(options: SimulatorOptions) {
    const areas = options.areas ?? ThreeDBall.defaultAreas;
    super(game, { ...options, areas });
    this.#balls = new BalancedBalls(areas);
  }

  protected override beginEpisode(area: number): void {
    const { random, parameters } = this;
    const balls = this.#balls;
    balls.levelBox(area);
    balls.turnAboutX(area, random.between(-10, 10));
    balls.turnAboutZ(area, random.between(-10, 10));
    const x = random.between(-1.5, 1.5);
    balls.dropBall(area, x, 4, random.between(-1.5, 1.5));
    balls.radii[area] = 0.5 * parameters.read("scale", 1);
    balls.gravities[area] = parameters.read("gravity", 9.81);
  }

  protected override observe(
    area: number,
    observations: readonly Float32Array[],
    row: number,
  ): void {
    const { rotations, positions, velocities } = this.#balls;
    const [column] = observations;
    column[row * 8] = rotations[area * 4 + 2];
    column[row * 8 + 1] = rotations[area * 4];
    for (let i = 0; i < 3; i++) {
      column[row * 8 + 2 + i] = positions[area * 3 + i];
      column[row * 8 + 5 + i] = velocities[area * 3 + i];
    }
  }

  protected override act(area: number): void {
    const { rotations, positions } = this.#balls;
    const aboutZ = this.continuous[area * 2];
    const aboutX = this.continuous[area * 2 + 1];
    if (mayTurn(rotations[area * 4 + 2], aboutZ)) {
      this.#balls.turnAboutZ(area, turnPerStep * clamp(aboutZ));
    }
    if (mayTurn(rotations[area * 4], aboutX)) {
      this.#balls.turnAboutX(area, turnPerStep * clamp(aboutX));
    }
    const isLost = positions[area * 3 + 1] < -2 ||
      Math.abs(positions[area * 3]) > 3 ||
      Math.abs(positions[area * 3 + 2]) > 3;
    this.setReward(area, isLost ? -1 : 0.1);
    if (isLost) this.endEpisode(area);
  }

  protected override advance(): void {
    for (let area = 0; area < this.areas; area++) this.#balls.advance(area);
  }

  protected override liveArrays() {
    return this.#balls.liveArrays();
  }
}

function mayTurn(tilt: number, action: number): boolean {
  return action > 0 ? tilt < turnLimit : action < 0 && tilt > -turnLimit;
}

function clamp(action: number): number {
  return Math.max(-1, Math.min(1, action));
}

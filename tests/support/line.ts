import {
  createAgentColumns,
  type MutableAgentColumns,
} from "../../lib/env/columns.ts";
import type { BehaviorSteps } from "../../lib/env/env.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import type { RandomGenerator } from "../../lib/util/random.ts";

export const timePenalty = 0.01;
export const successReward = 1.06;
/** In the memory game the goal is not seen after so many moves. */
const lastSight = 2;

/** One behavior's game. */
export class Line implements BehaviorSteps {
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
    const positions = this.#positions;
    const mean = movePositions(
      positions,
      this.continuous,
      this.discrete,
      this.stepSize,
    );
    this.#moves += positions.length;
    const hasEnded = mean !== null;
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

/**
 * Moves each position, those of continuous actions first, by one step. Returns
 * their mean once all are at an end of the line, null before.
 */
export function movePositions(
  positions: Float64Array,
  continuous: Float32Array,
  discrete: Int32Array,
  stepSize: number,
): number | null {
  positions.forEach((position, i) => {
    const move = i < continuous.length
      ? clamp(continuous[i], stepSize)
      : discrete[i - continuous.length] === 1
      ? stepSize
      : -stepSize;
    positions[i] = clamp(position + move, 1);
  });
  const hasEnded = positions.every((position) => Math.abs(position) === 1);
  const sum = positions.reduce((sum, position) => sum + position);
  return hasEnded ? sum / positions.length : null;
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

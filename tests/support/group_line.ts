import {
  createAgentColumns,
  type MutableAgentColumns,
} from "../../lib/env/columns.ts";
import type { BehaviorSteps } from "../../lib/env/env.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import type { RandomGenerator } from "../../lib/util/random.ts";
import { movePositions, successReward, timePenalty } from "./line.ts";

const groupId = 1;

interface Member {
  readonly id: number;
  readonly positions: Float64Array;
  isActive: boolean;
}

/**
 * One behavior's game of a group whose members all move to the same goal. Who
 * ends first gets no praise: success is rewarded, once, when the last one ends.
 */
export class GroupLine implements BehaviorSteps {
  readonly decision: MutableAgentColumns;
  readonly terminal: MutableAgentColumns;
  /** Of every member, what its end was worth. */
  readonly finalRewards: number[] = [];
  readonly continuous: Float32Array;
  readonly discrete: Int32Array;
  readonly #members: readonly Member[];
  #goal = 0;

  constructor(
    readonly spec: BehaviorSpec,
    private readonly stepSize: number,
    members: number,
    private readonly random: RandomGenerator,
  ) {
    const { continuousSize, discreteBranches } = spec.actionSpec;
    const branches = discreteBranches.length;
    this.decision = createAgentColumns(spec, members);
    this.terminal = createAgentColumns(spec, members);
    this.continuous = new Float32Array(members * continuousSize);
    this.discrete = new Int32Array(members * branches);
    this.#members = Array.from({ length: members }, (_, id) => ({
      id,
      positions: new Float64Array(continuousSize + branches),
      isActive: false,
    }));
  }

  reset(): void {
    this.terminal.clear();
    this.#begin();
  }

  step(): void {
    this.terminal.clear();
    const acting = this.#active;
    const continuous = this.continuous.slice();
    const discrete = this.discrete.slice();
    const { continuousSize, discreteBranches } = this.spec.actionSpec;
    const branches = discreteBranches.length;
    this.#beginDecisions();
    acting.forEach((member, i) => {
      const mean = movePositions(
        member.positions,
        continuous.subarray(i * continuousSize, (i + 1) * continuousSize),
        discrete.subarray(i * branches, (i + 1) * branches),
        this.stepSize,
      );
      if (mean === null) {
        this.#record(this.decision, member, -timePenalty);
      } else {
        this.#end(member, successReward * this.#goal * mean);
      }
    });
    if (this.#active.length === 0) this.#begin();
  }

  get #active(): readonly Member[] {
    return this.#members.filter(({ isActive }) => isActive);
  }

  #end(member: Member, reward: number): void {
    member.isActive = false;
    this.finalRewards.push(reward);
    const isLast = this.#active.length === 0;
    const own = isLast ? 0 : Math.min(-timePenalty, reward);
    const row = this.#record(this.terminal, member, own);
    if (isLast) this.terminal.groupRewards[row] = reward;
  }

  #begin(): void {
    this.#goal = this.random.integer(2) * 2 - 1;
    this.#beginDecisions();
    for (const member of this.#members) {
      member.positions.fill(0);
      member.isActive = true;
      this.#record(this.decision, member, 0);
    }
  }

  /** The next actions are zero so far. */
  #beginDecisions(): void {
    this.decision.clear();
    this.continuous.fill(0);
    this.discrete.fill(0);
  }

  #record(
    columns: MutableAgentColumns,
    { id }: Member,
    reward: number,
  ): number {
    const row = columns.addRow(id, groupId);
    columns.rewards[row] = reward;
    for (const values of columns.observations) {
      const size = values.length / columns.agentIds.length;
      values.fill(this.#goal, row * size, (row + 1) * size);
    }
    return row;
  }
}

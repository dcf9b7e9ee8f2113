import type { RandomGenerator } from "../../../util/random.ts";
import type { Academy } from "../academy/academy.ts";
import { Agent, type AgentOptions } from "../academy/agent.ts";

/** An agent's way of life, and its cues. */
export interface CueAgentOptions extends Omit<AgentOptions, "actionSpec"> {
  readonly random: RandomGenerator;
  /** Number of cues, and of actions. */
  readonly choices: number;
}

/**
 * The agent of most scenes: it is shown one of several cues and is to choose
 * the action of the same number. Each period brings a new cue; the reward of a
 * right choice is 1, spread over the steps of the period.
 */
export abstract class CueAgent extends Agent {
  /** The number of the action to choose. */
  cue = 0;
  protected readonly choices: number;
  readonly #random: RandomGenerator;
  readonly #period: number;

  constructor(academy: Academy, options: CueAgentOptions) {
    const { random, choices, decisionPeriod = 1 } = options;
    super(academy, {
      ...options,
      actionSpec: { continuousSize: 0, discreteBranches: [choices] },
    });
    this.choices = choices;
    this.#random = random;
    this.#period = decisionPeriod;
  }

  get isRight(): boolean {
    return this.discrete[0] === this.cue;
  }

  override update(): void {
    if (this.academy.stepCount % this.#period !== 0) return;
    this.cue = this.#random.integer(this.choices);
  }

  protected override act(): void {
    if (this.isRight) this.addReward(1 / this.#period);
  }
}

import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentStatistic,
} from "../../lib/env/env.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";

/** An environment whose steps end when the test says so, as a player's do. */
export class HeldEnvironment implements Environment {
  resets = 0;
  closes = 0;
  readonly #game: Environment;
  readonly #onStep: (held: HeldEnvironment) => void;
  #step: PromiseWithResolvers<void> | null = null;

  /** `onStep` is called when a step begins. */
  constructor(
    game: Environment,
    onStep: (held: HeldEnvironment) => void = () => {},
  ) {
    this.#game = game;
    this.#onStep = onStep;
  }

  get behaviorSpecs(): ReadonlyMap<string, BehaviorSpec> {
    return this.#game.behaviorSpecs;
  }

  /** True while a step is under way. */
  get isStepping(): boolean {
    return this.#step !== null;
  }

  reset(): void | Promise<void> {
    this.resets++;
    return this.#game.reset();
  }

  step(): Promise<void> {
    const step = this.#step = Promise.withResolvers<void>();
    this.#onStep(this);
    return step.promise;
  }

  /** Ends the step under way, if there is one. */
  async release(): Promise<void> {
    const step = this.#step;
    this.#step = null;
    if (!step) return;
    await this.#game.step();
    step.resolve();
  }

  /** The step under way fails. */
  fail(error: unknown): void {
    this.#step?.reject(error);
    this.#step = null;
  }

  getSteps(behavior: string): BehaviorSteps {
    return this.#game.getSteps(behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    this.#game.setActions(behavior, actions);
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    this.#game.setAction(behavior, agentId, action);
  }

  setParameters(): void {}

  takeStatistics(): EnvironmentStatistic[] {
    return this.#game.takeStatistics();
  }

  close(): void {
    this.closes++;
    this.fail(new Error("closed"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

import { placeAction, zeroActions } from "../../lib/env/actions.ts";
import { checkActions, findBehavior } from "../../lib/env/columns.ts";
import type {
  ActionColumns,
  AgentAction,
  BehaviorSteps,
  Environment,
  EnvironmentParameter,
  EnvironmentStatistic,
} from "../../lib/env/env.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import { type AgentRecord, agentRecords } from "./agent_records.ts";

/** What happens to a behavior's agents in one message. */
export interface ScriptedSteps {
  readonly decisions?: readonly AgentRecord[];
  readonly ends?: readonly AgentRecord[];
}

/** By full names of behaviors; one that is not named has no records. */
export type ScriptedMessage = Readonly<Record<string, ScriptedSteps>>;

/**
 * An environment whose messages a test has written: each `reset` goes on with
 * the next episode, each `step` with its next message. A behavior is known
 * from its first message on.
 */
export class ScriptedEnvironment implements Environment {
  readonly behaviorSpecs = new Map<string, BehaviorSpec>();
  /** What was called, with the actions that were in force at each step. */
  readonly log: string[] = [];
  readonly #specs: Readonly<Record<string, BehaviorSpec>>;
  readonly #episodes: (readonly ScriptedMessage[])[];
  #messages: ScriptedMessage[] = [];
  readonly #steps = new Map<string, BehaviorSteps>();
  readonly #actions = new Map<string, ActionColumns>();

  constructor(
    specs: Readonly<Record<string, BehaviorSpec>>,
    episodes: readonly (readonly ScriptedMessage[])[],
  ) {
    this.#specs = specs;
    this.#episodes = [...episodes];
  }

  reset(): void {
    this.log.push("reset");
    this.#messages = [...this.#episodes.shift() ?? []];
    this.#next();
  }

  step(): void {
    const actions = [...this.#actions.values()].map((
      { continuous, discrete },
    ) => `[${continuous}] [${discrete}]`);
    this.log.push(`step ${actions.join(", ")}`);
    this.#next();
  }

  getSteps(behavior: string): BehaviorSteps {
    return findBehavior(this.#steps, behavior);
  }

  setActions(behavior: string, actions: ActionColumns): void {
    const { actionSpec } = findBehavior(this.behaviorSpecs, behavior);
    const { count } = this.getSteps(behavior).decision;
    checkActions(behavior, actionSpec, count, actions);
    this.#actions.set(behavior, structuredClone(actions));
  }

  setAction(behavior: string, agentId: number, action: AgentAction): void {
    const { actionSpec } = findBehavior(this.behaviorSpecs, behavior);
    const { decision } = this.getSteps(behavior);
    const actions = findBehavior(this.#actions, behavior);
    placeAction(behavior, actionSpec, decision, agentId, action, actions);
  }

  setParameters(
    parameters: Readonly<Record<string, EnvironmentParameter>>,
  ): void {
    for (const [name, value] of Object.entries(parameters)) {
      this.log.push(`${name} = ${value}`);
    }
  }

  takeStatistics(): EnvironmentStatistic[] {
    return [];
  }

  close(): void {
    this.log.push("close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #next(): void {
    const message = this.#messages.shift();
    if (!message) throw new Error("the script has come to its end");
    for (const [name, spec] of Object.entries(this.#specs)) {
      if (message[name]) this.behaviorSpecs.set(name, spec);
    }
    for (const [name, spec] of this.behaviorSpecs) {
      const { decisions = [], ends = [] } = message[name] ?? {};
      this.#steps.set(name, agentRecords(spec, decisions, ends));
      this.#actions.set(name, zeroActions(spec.actionSpec, decisions.length));
    }
  }
}

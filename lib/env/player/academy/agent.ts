import { type ActionSpec, branchTotal } from "../../../spec.ts";
import type { Sensor } from "../sensors/sensor.ts";
import type { Academy } from "./academy.ts";
import type { ActionTaker } from "./academy_behavior.ts";
import type { AgentGroup } from "./agent_group.ts";

/** What an agent is, as Unity's components would be set. */
export interface AgentOptions {
  /** The full name, with the team. */
  readonly behavior: string;
  readonly actionSpec: ActionSpec;
  readonly sensors: readonly Sensor[];
  /** Steps from one decision to the next. */
  readonly decisionPeriod?: number;
  /** The step within a period that decisions are made at. */
  readonly decisionOffset?: number;
  /** False = it acts only on steps that it decides at. */
  readonly actsBetweenDecisions?: boolean;
  /** Steps until an episode is interrupted; 0 = no limit. */
  readonly maxStep?: number;
}

const collator = new Intl.Collator("en");

/**
 * One agent of an {@link Academy}, with the life cycle that Unity gives it. A
 * scene fills in how episodes begin, what is seen and what actions do.
 */
export abstract class Agent implements ActionTaker {
  /** Taken when the agent is enabled. */
  id = -1;
  /** The action in force: the latest one told, zero after each info. */
  readonly continuous: Float32Array;
  readonly discrete: Int32Array;
  /** Steps since the episode began. */
  stepCount = 0;
  isEnabled = false;
  group: AgentGroup | null = null;
  protected readonly academy: Academy;
  readonly #options: Required<AgentOptions>;
  #reward = 0;
  #groupReward = 0;
  /** 1 = forbidden; null until the agent forbids something. */
  #mask: Uint8Array | null = null;
  /** The end of the episode has been told, the next decision has not. */
  #hasEnded = false;
  #wantsDecision = false;
  #wantsAction = false;

  constructor(academy: Academy, options: AgentOptions) {
    this.academy = academy;
    this.#options = {
      decisionPeriod: 1,
      decisionOffset: 0,
      actsBetweenDecisions: true,
      maxStep: 0,
      ...options,
      sensors: options.sensors.toSorted((a, b) =>
        collator.compare(a.spec.name, b.spec.name)
      ),
    };
    const { continuousSize, discreteBranches } = options.actionSpec;
    this.continuous = new Float32Array(continuousSize);
    this.discrete = new Int32Array(discreteBranches.length);
  }

  get behavior(): string {
    return this.#options.behavior;
  }

  get actionSpec(): ActionSpec {
    return this.#options.actionSpec;
  }

  /** Comes first in each step: whatever the game does by itself. */
  update(): void {}
  /** Prepares a new episode. */
  protected beginEpisode(): void {}
  /** Fills in the sensors, for a decision or for the end of an episode. */
  protected abstract observe(): void;
  /** Forbids actions of the coming decision. */
  protected maskActions(): void {}
  /** Carries out the action in force: one step of it. */
  protected abstract act(): void;

  addReward(reward: number): void {
    this.#reward += reward;
  }

  addGroupReward(reward: number): void {
    this.#groupReward += reward;
  }

  /** Forbids an action until the next decision. */
  protected forbid(branch: number, action: number): void {
    const { discreteBranches } = this.actionSpec;
    this.#mask ??= new Uint8Array(branchTotal(this.actionSpec));
    const first = discreteBranches.slice(0, branch)
      .reduce((sum, size) => sum + size, 0);
    this.#mask[first + action] = 1;
  }

  /** Ends the episode and begins the next one. */
  endEpisode(isInterrupted = false): void {
    this.#tellEnd(isInterrupted);
    this.restart();
  }

  /** Brings the agent into the scene, with a new id. */
  enable(): void {
    if (this.isEnabled) return;
    this.isEnabled = true;
    this.id = this.academy.enroll(this);
    this.#hasEnded = false;
    if (this.academy.hasBegun) this.restart();
  }

  /** Takes the agent out of the scene: its episode ends. */
  disable(): void {
    if (!this.isEnabled) return;
    this.#tellEnd(false);
    this.isEnabled = false;
    this.group?.remove(this);
    this.academy.dismiss(this);
  }

  /** Begins an episode without ending the one before. */
  restart(): void {
    this.stepCount = 0;
    this.beginEpisode();
  }

  /** Asks for what is due at this step of the academy. */
  request(step: number): void {
    const { decisionPeriod, decisionOffset, actsBetweenDecisions } =
      this.#options;
    this.#wantsDecision = step % decisionPeriod === decisionOffset;
    this.#wantsAction = actsBetweenDecisions || this.#wantsDecision;
  }

  /** Tells what it sees and got if a decision is due. */
  decide(): void {
    if (!this.#wantsDecision) return;
    this.#wantsDecision = false;
    this.#look();
    this.#mask?.fill(0);
    this.maskActions();
    this.#hasEnded = false;
    this.#tell(false, false);
  }

  /** Acts if an action is due, and ends at the step limit. */
  step(): void {
    const { maxStep } = this.#options;
    if (this.#wantsAction) {
      this.#wantsAction = false;
      this.act();
    }
    if (maxStep > 0 && this.stepCount >= maxStep) this.endEpisode(true);
  }

  /** Only the first end after a decision is told. */
  #tellEnd(isInterrupted: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#look();
    this.#tell(true, isInterrupted);
    for (const sensor of this.#options.sensors) sensor.reset();
    this.#wantsDecision = this.#wantsAction = false;
    this.id = this.academy.idAfterEnd(this);
  }

  #look(): void {
    for (const sensor of this.#options.sensors) sensor.update();
    this.observe();
  }

  /** Ends carry the mask of the latest decision, as Unity's do. */
  #tell(done: boolean, interrupted: boolean): void {
    const fields = {
      reward: this.#reward,
      done,
      interrupted,
      ...this.#mask && { mask: this.#mask },
      groupId: this.group?.id ?? 0,
      groupReward: this.#groupReward,
    };
    this.#reward = this.#groupReward = 0;
    this.academy.tell(this, fields, this.#options.sensors);
  }
}

/** Trains one behavior from what its present policy does, and forgets it then. */
import type { PolicyNetworks } from "../algo/policy_networks.ts";
import type { Rollout } from "../data/rollout.ts";
import { initializeParameters } from "../nn/parameters.ts";
import type { BehaviorSpec } from "../spec.ts";
import {
  addPrefix,
  arrayNamed,
  type NamedArrays,
  takePrefix,
} from "../util/arrays.ts";
import { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { Interaction } from "./interaction.ts";
import type { UpdateReport } from "./on_policy_update.ts";
import type { MakeModel } from "./model_maker.ts";
import { SegmentList } from "./segment_list.ts";
import { type SignalSettings, signalsOf } from "./signal_settings.ts";
import { type Statistics, tags } from "./statistics.ts";
import type {
  Arrival,
  SourceActions,
  SummaryDue,
  Trainer,
  TrainerOptions,
} from "./trainer.ts";

/** Owns weights and optimiser state; everything else comes with the call. */
export interface OnPolicyLearner {
  /** The present weights by name. */
  readonly weights: NamedArrays;
  /** Gets ready for experience like what there is so far. */
  prepare?(rollout: Rollout): void;
  /**
   * Learns from finished segments. `normalizer` holds the statistics inputs of
   * the programs, `step` decides the schedules.
   */
  update(
    rollout: Rollout,
    segments: readonly Segment[],
    normalizer: NamedArrays,
    step: number,
  ): Promise<UpdateReport>;
  snapshot(): NamedArrays;
  /** Throws UserError when the state is of another network. */
  restore(state: NamedArrays): void;
  /** Takes over weights only. Throws UserError when they do not fit. */
  initialize(state: NamedArrays): void;
  close(): void;
}

/** In what the trainers differ. */
export interface OnPolicyAlgorithm {
  readonly networks: PolicyNetworks;
  /** Members of a group are judged together. */
  readonly hasGroups?: boolean;
  /** `random` shuffles the experience. */
  readonly createLearner: (
    weights: NamedArrays,
    random: RandomGenerator,
  ) => OnPolicyLearner;
}

export class OnPolicyTrainer implements Trainer {
  readonly #options: TrainerOptions;
  readonly #bufferSize: number;
  readonly #signals: readonly SignalSettings[];
  readonly #learner: OnPolicyLearner;
  readonly #interaction: Interaction;
  readonly #shuffle: RandomGenerator;
  readonly #segments: SegmentList;
  #hasLearned = false;

  /** Draws the first weights. */
  static create(
    options: TrainerOptions,
    { networks, hasGroups = false, createLearner }: OnPolicyAlgorithm,
  ): OnPolicyTrainer {
    const { settings, behavior, seed } = options;
    const generator = (part: string) =>
      new RandomGenerator(seed, `${behavior}/${part}`);
    const shuffle = generator("shuffle");
    const learner = createLearner(
      initializeParameters(networks.parameters, generator("weights")),
      shuffle,
    );
    const interaction = new Interaction({
      trainer: options,
      networks,
      signals: signalsOf(settings),
      noise: generator("noise"),
      collection: { timeHorizon: settings.time_horizon },
      hasGroups,
    });
    const segments = new SegmentList(networks.sequenceLength);
    return new OnPolicyTrainer(
      options,
      learner,
      interaction,
      shuffle,
      segments,
    );
  }

  private constructor(
    options: TrainerOptions,
    learner: OnPolicyLearner,
    interaction: Interaction,
    shuffle: RandomGenerator,
    segments: SegmentList,
  ) {
    this.#options = options;
    this.#bufferSize = options.settings.hyperparameters.buffer_size;
    this.#signals = signalsOf(options.settings);
    this.#learner = learner;
    this.#interaction = interaction;
    this.#shuffle = shuffle;
    this.#segments = segments;
    this.#publish();
  }

  get behavior(): string {
    return this.#options.behavior;
  }

  get trainerType(): string {
    return this.#options.settings.trainer_type;
  }

  get spec(): BehaviorSpec {
    return this.#options.spec;
  }

  get settings(): Readonly<Record<string, unknown>> {
    return this.#options.settings;
  }

  get maxSteps(): number {
    return this.#options.settings.max_steps;
  }

  get step(): number {
    return this.#interaction.step;
  }

  get isLearning(): boolean {
    return this.#interaction.isLearning;
  }

  get recentReward(): number | null {
    return this.#interaction.recentReward;
  }

  get statistics(): Statistics {
    return this.#interaction.statistics;
  }

  ingest(arrivals: readonly Arrival[]): readonly SummaryDue[] {
    if (!this.isLearning) this.#segments.clear();
    const due = this.#interaction.ingest(
      arrivals,
      (segment) => this.#segments.add(segment),
    );
    if (this.isLearning) this.#learner.prepare?.(this.#interaction.rollout);
    return due;
  }

  async updateIfReady(): Promise<void> {
    if (!this.isLearning || this.#segments.rows <= this.#bufferSize) return;
    if (!this.#hasLearned) this.#adviseOnGroups();
    this.#hasLearned = true;
    const report = await this.#learner.update(
      this.#interaction.rollout,
      this.#segments.all,
      this.#interaction.normalizers,
      this.step,
    );
    this.#segments.clear();
    this.#interaction.release();
    this.#publish();
    this.#note(report);
  }

  act(): readonly SourceActions[] {
    return this.#interaction.act();
  }

  takeCheckpointDue(): boolean {
    return this.#interaction.takeCheckpointDue();
  }

  snapshot(): NamedArrays {
    return {
      ...this.#learner.snapshot(),
      ...this.#interaction.snapshot(),
      ...addPrefix("segments.", this.#segments.snapshot()),
      "random.shuffle": this.#shuffle.snapshot(),
    };
  }

  restore(state: NamedArrays): void {
    this.#learner.restore(state);
    this.#interaction.restore(state);
    this.#segments.restore(takePrefix("segments.", state));
    this.#shuffle.restore(arrayNamed(state, "random.shuffle"));
    this.#publish();
  }

  initialize(state: NamedArrays): void {
    this.#learner.initialize(state);
    this.#interaction.initialize(state);
    this.#publish();
  }

  forgetUnfinished(source?: number): void {
    this.#interaction.forgetUnfinished(source);
  }

  exportModel(make: MakeModel): Promise<Uint8Array> {
    return make(this.#interaction.exportPolicy(this.#learner.weights));
  }

  close(): void {
    this.#interaction.close();
    this.#learner.close();
  }

  #adviseOnGroups(): void {
    const { groups } = this.#interaction.rollout;
    if (!groups || groups.widest > 0) return;
    this.#options.onNotice(
      "No agent has had a mate in its group so far. For agents " +
        "on their own trainer_type: ppo would do, with less work.",
    );
  }

  #note(report: UpdateReport): void {
    const { statistics } = this;
    this.#signals.forEach(({ name }, k) => {
      for (const value of report.values[k]) {
        statistics.add(tags.signalValue(name), value);
      }
      for (const baseline of report.baselines?.[k] ?? []) {
        statistics.add(tags.signalBaseline(name), baseline);
      }
    });
    statistics.add(tags.entropy, report.entropy);
    statistics.add(tags.policyLoss, report.policyLoss);
    statistics.add(tags.valueLoss, report.valueLoss);
    if (report.baselineLoss !== undefined) {
      statistics.add(tags.baselineLoss, report.baselineLoss);
    }
    statistics.add(tags.learningRate, report.learningRate);
    statistics.add(tags.epsilon, report.epsilon);
    statistics.add(tags.beta, report.beta);
  }

  #publish(): void {
    this.#interaction.publish(this.#learner.weights);
  }
}

/** Trains one behavior from all that its policies did, as far as it is kept. */
import { sacNames, SacNetworks } from "../algo/sac_networks.ts";
import { initializeParameters } from "../nn/parameters.ts";
import { type BehaviorSpec, observationSize } from "../spec.ts";
import {
  addPrefix,
  arrayNamed,
  type NamedArrays,
  scalarArray,
  takePrefix,
} from "../util/arrays.ts";
import { RandomGenerator } from "../util/random.ts";
import { Interaction } from "./interaction.ts";
import type { MakeModel } from "./model_maker.ts";
import { drawRandomActions } from "./random_actions.ts";
import { SacLearner } from "./sac_learner.ts";
import { SacExperience } from "./sac_experience.ts";
import {
  noteReport,
  reportArray,
  restoredReport,
  type SacReport,
} from "./sac_report.ts";
import {
  ignoresDone,
  type SignalSettings,
  signalsOf,
} from "./signal_settings.ts";
import { type Statistics, tags } from "./statistics.ts";
import type {
  Arrival,
  SettingsOf,
  SourceActions,
  SummaryDue,
  Trainer,
  TrainerOptions,
} from "./trainer.ts";
import { type UpdateRate, updatesUntil } from "./update_count.ts";
import { pickWeights } from "./weight_group.ts";

export type SacTrainerOptions = TrainerOptions<SettingsOf<"sac">>;

/** What a trainer consists of. */
interface Parts {
  readonly networks: SacNetworks;
  readonly learner: SacLearner;
  readonly experience: SacExperience;
  readonly interaction: Interaction;
  readonly random: Readonly<
    Record<"noise" | "samples" | "actions", RandomGenerator>
  >;
}

/**
 * Updates that are made in one call: a call, and new weights to act with, cost
 * as much as some updates.
 */
const updatesPerCall = 8;

/**
 * Steps that a call is waited for at most: rare updates come when they are due,
 * one by one in the end. A run of few of them would make none otherwise.
 */
const stepsPerCall = 256;

/** About how many floats a call is given at most: fewer images at once. */
const floatsPerCall = 2 ** 22;

const actingPrefix = "acting.";

/** Updates that are made in one call. */
function perCall(
  { networks, learner }: Parts,
  { steps_per_update }: UpdateRate,
): number {
  const { observationSpecs } = networks.settings.spec;
  const width = observationSpecs.reduce((n, s) => n + observationSize(s), 0);
  const floats = 2 * width * learner.batchSize;
  const most = Math.min(
    updatesPerCall,
    floatsPerCall / floats,
    stepsPerCall / steps_per_update,
  );
  return Math.max(1, Math.floor(most));
}

export class SacTrainer implements Trainer {
  readonly trainerType = "sac";
  readonly #options: SacTrainerOptions;
  readonly #signals: readonly SignalSettings[];
  readonly #parts: Parts;
  /** Updates that were begun, counted from the first step. */
  #updates = 0;
  /**
   * Those under way. Their weights act from when the next ones begin: so it
   * does not depend on how fast they are.
   */
  #pending: Promise<SacReport> | null = null;
  /** Of updates that are made but whose weights do not act yet. */
  #report: SacReport | null = null;
  /** Mean return in the latest summary. */
  #summedReward: number | null = null;
  /** The weights that act. */
  #acting: NamedArrays = {};

  /** Draws the first weights. */
  static create(options: SacTrainerOptions): SacTrainer {
    const { settings, spec, behavior, seed, runtime, timers } = options;
    const { hyperparameters, network_settings, max_steps: maxSteps } = settings;
    const signals = signalsOf(settings);
    const generator = (part: string) =>
      new RandomGenerator(seed, `${behavior}/${part}`);
    const networks = new SacNetworks({
      ...network_settings,
      spec,
      signals: signals.length,
      initialTemperature: hyperparameters.init_entcoef,
    });
    const experience = new SacExperience(
      networks,
      signals,
      hyperparameters.buffer_size,
    );
    const random = {
      noise: generator("update noise"),
      samples: generator("samples"),
      actions: generator("random actions"),
    };
    const learner = SacLearner.create(
      runtime,
      networks,
      { hyperparameters, signals, maxSteps },
      initializeParameters(networks.parameters, generator("weights")),
      random.noise,
      timers,
    );
    const interaction = new Interaction({
      trainer: options,
      networks,
      signals,
      noise: generator("noise"),
      // Every decision counts as soon as its outcome is known.
      collection: {
        timeHorizon: 1,
        keepsFinalRows: signals.some(({ name }) => ignoresDone(name)),
      },
    });
    const parts = { networks, learner, experience, interaction, random };
    return new SacTrainer(options, signals, parts);
  }

  private constructor(
    options: SacTrainerOptions,
    signals: readonly SignalSettings[],
    parts: Parts,
  ) {
    this.#options = options;
    this.#signals = signals;
    this.#parts = parts;
    this.#publish();
  }

  get behavior(): string {
    return this.#options.behavior;
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
    return this.#parts.interaction.step;
  }

  get isLearning(): boolean {
    return this.#parts.interaction.isLearning;
  }

  get statistics(): Statistics {
    return this.#parts.interaction.statistics;
  }

  /**
   * Mean return of the episodes since the latest summary, or in it: the policy
   * changes all the time.
   */
  get recentReward(): number | null {
    return this.statistics.mean(tags.cumulativeReward) ?? this.#summedReward;
  }

  ingest(arrivals: readonly Arrival[]): readonly SummaryDue[] {
    const { interaction, experience } = this.#parts;
    const due = interaction.ingest(
      arrivals,
      (segment) => experience.keep(interaction.rollout, segment),
    );
    for (const { statistics } of due) {
      this.#summedReward = statistics.get(tags.cumulativeReward)?.mean ?? null;
    }
    return due;
  }

  async updateIfReady(): Promise<void> {
    const { experience, learner, interaction } = this.#parts;
    // Of a run's last round, too: a longer one may go on from there.
    if (experience.needsMemories) {
      await this.settle();
      const { rollout, normalizers } = interaction;
      await experience.rememberValues(rollout, learner, normalizers);
    }
    if (!this.isLearning) return;
    interaction.release();
    const { hyperparameters } = this.#options.settings;
    const updates = perCall(this.#parts, hyperparameters);
    while (this.#due >= updates) {
      await this.#takeOver();
      this.#begin(updates);
    }
  }

  /** The updates under way are made then; the policy acts as it did. */
  async settle(): Promise<void> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending) this.#report = await pending;
  }

  act(): readonly SourceActions[] {
    const { interaction, random } = this.#parts;
    const chosen = interaction.act();
    const { random_action_steps } = this.#options.settings.hyperparameters;
    if (this.#options.inference || this.step >= random_action_steps) {
      return chosen;
    }
    drawRandomActions(interaction.rollout, chosen, random.actions);
    return chosen;
  }

  takeCheckpointDue(): boolean {
    return this.#parts.interaction.takeCheckpointDue();
  }

  snapshot(): NamedArrays {
    const { learner, interaction, random } = this.#parts;
    return {
      ...learner.snapshot(),
      ...interaction.snapshot(),
      ...addPrefix(actingPrefix, this.#acting),
      report: reportArray(this.#report),
      "random.samples": random.samples.snapshot(),
      "random.update_noise": random.noise.snapshot(),
      "random.random_actions": random.actions.snapshot(),
      due: scalarArray(this.#behind),
      summed_reward: scalarArray(this.#summedReward ?? NaN),
    };
  }

  snapshotReplay(): NamedArrays | undefined {
    const { save_replay_buffer } = this.#options.settings.hyperparameters;
    return save_replay_buffer
      ? this.#parts.experience.replay.snapshot()
      : undefined;
  }

  restore(state: NamedArrays, replay?: NamedArrays): void {
    const { learner, interaction, experience, random } = this.#parts;
    learner.restore(state);
    if (replay) experience.replay.restore(replay);
    interaction.restore(state);
    random.samples.restore(arrayNamed(state, "random.samples"));
    random.noise.restore(arrayNamed(state, "random.update_noise"));
    random.actions.restore(arrayNamed(state, "random.random_actions"));
    // Not their number: steps_per_update may be another one now.
    const due = Number(arrayNamed(state, "due").data[0]);
    this.#updates += this.#behind - due;
    const reward = Number(arrayNamed(state, "summed_reward").data[0]);
    this.#summedReward = Number.isNaN(reward) ? null : reward;
    this.#report = restoredReport(arrayNamed(state, "report"));
    this.#acting = takePrefix(actingPrefix, state);
    interaction.publish(this.#acting);
  }

  initialize(state: NamedArrays): void {
    this.#parts.learner.initialize(state);
    this.#parts.interaction.initialize(state);
    this.#publish();
  }

  forgetUnfinished(source?: number): void {
    this.#parts.interaction.forgetUnfinished(source);
    this.#parts.experience.forgetUnfinished(source);
  }

  exportModel(make: MakeModel): Promise<Uint8Array> {
    const { interaction, learner } = this.#parts;
    return make(interaction.exportPolicy(learner.weights));
  }

  close(): void {
    this.#parts.interaction.close();
    this.#parts.learner.close();
  }

  /** Updates that can be made now. */
  get #due(): number {
    const { experience, learner } = this.#parts;
    return experience.replay.rows < learner.batchSize ? 0 : this.#behind;
  }

  /** Updates that are still to be made up to the present step. */
  get #behind(): number {
    const { hyperparameters } = this.#options.settings;
    return updatesUntil(this.step, hyperparameters) - this.#updates;
  }

  /** Acts with what the latest updates have made. */
  async #takeOver(): Promise<void> {
    await this.settle();
    if (!this.#report) return;
    noteReport(this.#report, this.#signals, this.statistics);
    this.#report = null;
    this.#publish();
  }

  /** Lets updates be made while the agents go on. */
  #begin(updates: number): void {
    const { experience, learner, interaction, random } = this.#parts;
    this.#pending = learner.update(
      experience.sample(random.samples, updates, learner.batchSize),
      interaction.normalizers,
      this.step,
    );
    // It is thrown where the updates are waited for.
    this.#pending.catch(() => {});
    this.#updates += updates;
  }

  #publish(): void {
    const { networks, learner } = this.#parts;
    const own = networks.parametersOf(sacNames.actor);
    this.#acting = pickWeights(own, learner.weights);
    this.#parts.interaction.publish(this.#acting);
  }
}

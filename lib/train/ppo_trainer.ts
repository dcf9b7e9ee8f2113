/** Trains one behaviour with PPO: counts, statistics, and when to learn. */
import { actionLimit } from "../algo/policy_networks.ts";
import { PpoNetworks } from "../algo/ppo_networks.ts";
import { Rollout } from "../data/rollout.ts";
import {
  bindParameters,
  initializeParameters,
  parameterConstants,
} from "../nn/parameters.ts";
import { unityModel } from "../onnx/unity_model.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { BehaviorSettings } from "../settings/behavior_settings.ts";
import type { BehaviorSpec } from "../spec.ts";
import {
  addPrefix,
  arrayNamed,
  type NamedArrays,
  scalarArray,
  takePrefix,
} from "../util/arrays.ts";
import { RandomGenerator } from "../util/random.ts";
import { actionRows } from "./action_rows.ts";
import { Collector, type EpisodeEnd } from "./collector.ts";
import type { SignalSettings } from "./learning_targets.ts";
import { ObservationNormalizers } from "./observation_normalizers.ts";
import { PolicyActor } from "./policy_actor.ts";
import { PpoLearner } from "./ppo_learner.ts";
import { SegmentList } from "./segment_list.ts";
import { Statistics, tags } from "./statistics.ts";
import { StepCounter } from "./step_counter.ts";
import type { Timers } from "./timers.ts";
import type { Arrival, SourceActions, SummaryDue, Trainer } from "./trainer.ts";

export interface PpoTrainerOptions {
  /** Name without the team. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  readonly settings: Extract<BehaviorSettings, { trainer_type: "ppo" }>;
  readonly seed: number;
  /** Act only; nothing is learned or counted. */
  readonly inference: boolean;
  readonly runtime: WorkerRuntime;
  readonly timers: Timers;
}

/** A source's decisions that wait for an action: `count` rows from `first`. */
interface Waiting {
  readonly source: number;
  readonly first: number;
  readonly count: number;
}

export class PpoTrainer implements Trainer {
  readonly behavior: string;
  readonly trainerType = "ppo";
  readonly spec: BehaviorSpec;
  readonly maxSteps: number;
  readonly statistics = new Statistics();
  readonly #settings: PpoTrainerOptions["settings"];
  readonly #signals: readonly SignalSettings[];
  readonly #inference: boolean;
  readonly #networks: PpoNetworks;
  readonly #learner: PpoLearner;
  readonly #actor: PolicyActor;
  readonly #random: Readonly<Record<"noise" | "shuffle", RandomGenerator>>;
  readonly #normalizers: ObservationNormalizers;
  readonly #rollout: Rollout;
  readonly #collector: Collector;
  readonly #segments: SegmentList;
  readonly #counter: StepCounter;
  /** Decisions without learning, for the summaries of inference. */
  readonly #acted: StepCounter;
  /** Without gaps between one and the next. */
  #waiting: readonly Waiting[] = [];
  #recent = { sum: 0, count: 0 };

  /** Compiles the programs and draws the first weights. */
  static async create(options: PpoTrainerOptions): Promise<PpoTrainer> {
    const { settings, spec, behavior, seed, timers } = options;
    const generator = (part: string) =>
      new RandomGenerator(seed, `${behavior}/${part}`);
    const signals = signalsOf(settings);
    const networks = new PpoNetworks({
      ...settings.network_settings,
      spec,
      signals: signals.length,
      sharedCritic: settings.hyperparameters.shared_critic,
    });
    const random = {
      noise: generator("noise"),
      shuffle: generator("shuffle"),
    };
    const learner = await PpoLearner.create(
      options.runtime,
      networks,
      {
        hyperparameters: settings.hyperparameters,
        signals,
        maxSteps: settings.max_steps,
      },
      initializeParameters(networks.parameters, generator("weights")),
      random.shuffle,
      timers,
    );
    return new PpoTrainer(options, signals, networks, learner, random);
  }

  private constructor(
    options: PpoTrainerOptions,
    signals: readonly SignalSettings[],
    networks: PpoNetworks,
    learner: PpoLearner,
    random: Readonly<Record<"noise" | "shuffle", RandomGenerator>>,
  ) {
    const { behavior, spec, settings } = options;
    this.behavior = behavior;
    this.maxSteps = settings.max_steps;
    this.spec = spec;
    this.#settings = settings;
    this.#signals = signals;
    this.#inference = options.inference;
    this.#networks = networks;
    this.#learner = learner;
    this.#random = random;
    this.#normalizers = new ObservationNormalizers(networks.normalizedSizes);
    this.#segments = new SegmentList(networks.sequenceLength);
    this.#rollout = new Rollout(
      spec,
      undefined,
      networks.recurrent.map(() => networks.memorySize),
    );
    this.#collector = new Collector(
      behavior,
      this.#rollout,
      settings.time_horizon,
    );
    const { summary_freq, checkpoint_interval } = settings;
    this.#counter = new StepCounter(summary_freq, checkpoint_interval);
    this.#acted = new StepCounter(summary_freq, Infinity);
    this.#actor = new PolicyActor(
      networks,
      random.noise,
      settings.network_settings.deterministic,
    );
    this.#publish();
  }

  get settings(): Readonly<Record<string, unknown>> {
    return this.#settings;
  }

  get step(): number {
    return this.#counter.step;
  }

  get isLearning(): boolean {
    return !this.#inference && this.step <= this.maxSteps;
  }

  get recentReward(): number | null {
    const { sum, count } = this.#recent;
    return count > 0 ? sum / count : null;
  }

  ingest(arrivals: readonly Arrival[]): readonly SummaryDue[] {
    // A policy that only acts needs no more than the present decisions.
    if (!this.isLearning) {
      this.#collector.forgetRows();
      this.#segments.clear();
    }
    const ingested = this.#collector.ingest(arrivals);
    let row = ingested.first;
    this.#waiting = arrivals.map(({ source, steps }) => {
      const { count } = steps.decision;
      const first = row;
      row += count;
      return { source, first, count };
    });
    ingested.episodes.forEach((episode) => this.#note(episode));
    if (!this.isLearning) return this.#countActing(ingested.count);
    const due: SummaryDue[] = [];
    for (const segment of ingested.segments) {
      const summary = this.#counter.count(segment.rows.length);
      if (summary !== null) {
        due.push({ step: summary, statistics: this.statistics.take() });
      }
      this.#normalizers.update(this.#rollout, segment.rows);
      this.#segments.add(segment);
    }
    if (this.#normalizers.areUsed && ingested.segments.length > 0) {
      this.#actor.publish(this.#normalizers.inputs());
    }
    return due;
  }

  async updateIfReady(): Promise<void> {
    const { buffer_size } = this.#settings.hyperparameters;
    if (!this.isLearning || this.#segments.rows <= buffer_size) return;
    const report = await this.#learner.update(
      this.#rollout,
      this.#segments.all,
      this.#normalizers.inputs(),
      this.step,
    );
    this.#segments.clear();
    const moved = this.#collector.compact();
    this.#waiting = this.#waiting.map(({ source, first, count }) => ({
      source,
      first: moved[first] ?? 0,
      count,
    }));
    this.#publish();
    this.#recent = { sum: 0, count: 0 };
    const { statistics } = this;
    this.#signals.forEach(({ name }, k) => {
      for (const value of report.values[k]) {
        statistics.add(tags.signalValue(name), value);
      }
    });
    statistics.add(tags.entropy, report.entropy);
    statistics.add(tags.policyLoss, report.policyLoss);
    statistics.add(tags.valueLoss, report.valueLoss);
    statistics.add(tags.learningRate, report.learningRate);
    statistics.add(tags.epsilon, report.epsilon);
    statistics.add(tags.beta, report.beta);
  }

  act(): readonly SourceActions[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A source without decisions may stand anywhere.
    const first = waiting.find(({ count }) => count > 0)?.first ?? 0;
    const total = waiting.reduce((sum, { count }) => sum + count, 0);
    const actions = this.#actor.act(this.#rollout, first, total);
    this.#collector.remember(first, total, actions.memory);
    let row = 0;
    return waiting.map(({ source, count }) => ({
      source,
      actions: actionRows(this.spec.actionSpec, actions, row, row += count),
    }));
  }

  takeCheckpointDue(): boolean {
    return this.#counter.takeCheckpointDue();
  }

  snapshot(): NamedArrays {
    const waiting = this.#waiting.flatMap((
      { source, first, count },
    ) => [source, first, count]);
    return {
      ...this.#learner.snapshot(),
      ...addPrefix("normalizer.", this.#normalizers.snapshot()),
      ...addPrefix("counter.", this.#counter.snapshot()),
      ...addPrefix("collector.", this.#collector.snapshot()),
      ...addPrefix("segments.", this.#segments.snapshot()),
      ...addPrefix("statistics.", this.statistics.snapshot()),
      "random.noise": this.#random.noise.snapshot(),
      "random.shuffle": this.#random.shuffle.snapshot(),
      "recent.sum": scalarArray(this.#recent.sum),
      "recent.count": scalarArray(this.#recent.count),
      waiting: {
        data: Float64Array.from(waiting),
        shape: [this.#waiting.length, 3],
      },
    };
  }

  restore(state: NamedArrays): void {
    this.#learner.restore(state);
    this.#normalizers.restore(takePrefix("normalizer.", state));
    this.#counter.restore(takePrefix("counter.", state));
    this.#collector.restore(takePrefix("collector.", state));
    this.#segments.restore(takePrefix("segments.", state));
    this.statistics.restore(takePrefix("statistics.", state));
    this.#random.noise.restore(arrayNamed(state, "random.noise"));
    this.#random.shuffle.restore(arrayNamed(state, "random.shuffle"));
    const number = (name: string) => Number(arrayNamed(state, name).data[0]);
    this.#recent = {
      sum: number("recent.sum"),
      count: number("recent.count"),
    };
    const { data, shape: [sources] } = arrayNamed(state, "waiting");
    this.#waiting = Array.from({ length: sources }, (_, i) => {
      const [source, first, count] = Array.from(
        data.slice(3 * i, 3 * i + 3),
        Number,
      );
      return { source, first, count };
    });
    this.#publish();
  }

  initialize(state: NamedArrays): void {
    this.#learner.initialize(state);
    this.#normalizers.restore(takePrefix("normalizer.", state));
    this.#publish();
  }

  forgetUnfinished(source?: number): void {
    if (source !== undefined) return this.#collector.forgetSource(source);
    this.#collector.forgetAgents();
    this.#waiting = [];
  }

  exportModel(): Uint8Array {
    const scope = bindParameters(parameterConstants(this.#learner.weights));
    const statistics = parameterConstants(this.#normalizers.inputs());
    return unityModel({
      spec: this.spec,
      version: 3,
      actionLimit,
      memorySize: this.#networks.memorySize,
      policy: (observations, mask, remember) =>
        this.#networks.policy(
          scope,
          this.#networks.normalize(observations, statistics),
          mask,
          remember,
        ),
    });
  }

  close(): void {
    this.#actor.close();
    this.#learner.close();
  }

  /** A policy that has learned its part tells no more, in inference it does. */
  #countActing(decisions: number): readonly SummaryDue[] {
    const step = this.#acted.count(decisions);
    if (step === null) return [];
    const statistics = this.statistics.take();
    return this.#inference ? [{ step, statistics }] : [];
  }

  #note({ reward, length }: EpisodeEnd): void {
    this.statistics.add(tags.cumulativeReward, reward, "histogram");
    this.statistics.add(tags.episodeLength, length);
    for (const { name, strength } of this.#signals) {
      this.statistics.add(tags.signalReward(name), strength * reward);
    }
    this.#recent.sum += reward;
    this.#recent.count++;
  }

  #publish(): void {
    this.#actor.publish({
      ...this.#learner.weights,
      ...this.#normalizers.inputs(),
    });
  }
}

/** The signals that give rewards, in the order of the settings. */
function signalsOf(
  settings: PpoTrainerOptions["settings"],
): SignalSettings[] {
  return Object.entries(settings.reward_signals).flatMap(([name, signal]) =>
    signal ? [{ name, gamma: signal.gamma, strength: signal.strength }] : []
  );
}

/** What every trainer does besides learning. */
import type { PolicyNetworks } from "../algo/policy_networks.ts";
import { Rollout } from "../data/rollout.ts";
import type { UnityPolicy } from "../onnx/unity_model.ts";
import {
  addPrefix,
  arrayNamed,
  type NamedArrays,
  scalarArray,
  takePrefix,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import { actionRows } from "./action_rows.ts";
import {
  type CollectedSegment,
  Collector,
  type CollectorOptions,
  type EpisodeEnd,
} from "./collector.ts";
import { exportPolicy } from "./export_policy.ts";
import { ObservationNormalizers } from "./observation_normalizers.ts";
import { PolicyActor } from "./policy_actor.ts";
import type { SignalSettings } from "./signal_settings.ts";
import { Statistics, tags } from "./statistics.ts";
import { StepCounter } from "./step_counter.ts";
import type {
  Arrival,
  SourceActions,
  SummaryDue,
  TrainerOptions,
} from "./trainer.ts";

export interface InteractionOptions {
  readonly trainer: TrainerOptions;
  readonly networks: PolicyNetworks;
  readonly signals: readonly SignalSettings[];
  /** Draws the noise of actions. */
  readonly noise: RandomGenerator;
  readonly collection: CollectorOptions;
  /** Collects what members of groups have of each other. */
  readonly hasGroups?: boolean;
}

/** A source's decisions that wait for an action: `count` rows from `first`. */
interface Waiting {
  readonly source: number;
  readonly first: number;
  readonly count: number;
}

/**
 * A policy among its agents: takes in what they report, counts and normalises
 * it, and acts for them. Whatever is learned from it is the trainer's.
 */
export class Interaction {
  readonly statistics = new Statistics();
  readonly rollout: Rollout;
  readonly #trainer: TrainerOptions;
  readonly #networks: PolicyNetworks;
  readonly #signals: readonly SignalSettings[];
  readonly #noise: RandomGenerator;
  readonly #actor: PolicyActor;
  readonly #normalizers: ObservationNormalizers;
  readonly #collector: Collector;
  readonly #counter: StepCounter;
  /** Decisions without learning, for the summaries of inference. */
  readonly #acted: StepCounter;
  /** Without gaps between one and the next. */
  #waiting: readonly Waiting[] = [];
  #recent = { sum: 0, count: 0 };

  constructor(options: InteractionOptions) {
    const { trainer, networks, signals, noise, collection } = options;
    const { hasGroups = false } = options;
    const { behavior, spec, settings } = trainer;
    this.#trainer = trainer;
    this.#networks = networks;
    this.#signals = signals;
    this.#noise = noise;
    this.#normalizers = new ObservationNormalizers(networks.normalizedSizes);
    this.rollout = new Rollout(
      spec,
      undefined,
      networks.recurrent.map(() => networks.memorySize),
      { hasGroups },
    );
    this.#collector = new Collector(behavior, this.rollout, collection);
    const { summary_freq, checkpoint_interval } = settings;
    this.#counter = new StepCounter(summary_freq, checkpoint_interval);
    this.#acted = new StepCounter(summary_freq, Infinity);
    this.#actor = new PolicyActor(
      networks,
      noise,
      settings.network_settings.deterministic,
    );
  }

  /** Decisions of finished pieces so far. */
  get step(): number {
    return this.#counter.step;
  }

  get isLearning(): boolean {
    const { inference, settings } = this.#trainer;
    return !inference && this.step <= settings.max_steps;
  }

  /** Mean return of the episodes since the last `release`; null = none. */
  get recentReward(): number | null {
    const { sum, count } = this.#recent;
    return count > 0 ? sum / count : null;
  }

  /** The normalisers' statistics as inputs of the programs. */
  get normalizers(): NamedArrays {
    return this.#normalizers.inputs();
  }

  /**
   * Takes in what has arrived, and hands every finished piece over once it is
   * counted. Returns the summaries that became due.
   */
  ingest(
    arrivals: readonly Arrival[],
    take: (segment: CollectedSegment) => void,
  ): readonly SummaryDue[] {
    // A policy that only acts needs no more than the present decisions.
    if (!this.isLearning) this.#collector.forgetRows();
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
      this.#normalizers.update(this.rollout, segment.rows);
      take(segment);
    }
    if (this.#normalizers.areUsed && ingested.segments.length > 0) {
      this.#actor.publish(this.#normalizers.inputs());
    }
    return due;
  }

  /** Forgets the rows of finished pieces: what was to be learned is learned. */
  release(): void {
    const moved = this.#collector.compact();
    this.#waiting = this.#waiting.map(({ source, first, count }) => ({
      source,
      first: moved[first] ?? 0,
      count,
    }));
    this.#recent = { sum: 0, count: 0 };
  }

  /** Chooses the actions for all decisions of the latest `ingest`. */
  act(): readonly SourceActions[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A source without decisions may stand anywhere.
    const first = waiting.find(({ count }) => count > 0)?.first ?? 0;
    const total = waiting.reduce((sum, { count }) => sum + count, 0);
    const actions = this.#actor.act(this.rollout, first, total);
    this.#collector.remember(first, total, actions.memory);
    let row = 0;
    return waiting.map(({ source, count }) => ({
      source,
      actions: actionRows(
        this.#trainer.spec.actionSpec,
        actions,
        row,
        row += count,
      ),
    }));
  }

  /** Acts with these weights from now on. */
  publish(weights: NamedArrays): void {
    this.#actor.publish({ ...weights, ...this.#normalizers.inputs() });
  }

  takeCheckpointDue(): boolean {
    return this.#counter.takeCheckpointDue();
  }

  snapshot(): NamedArrays {
    const waiting = this.#waiting.flatMap((
      { source, first, count },
    ) => [source, first, count]);
    return {
      ...addPrefix("normalizer.", this.#normalizers.snapshot()),
      ...addPrefix("counter.", this.#counter.snapshot()),
      ...addPrefix("collector.", this.#collector.snapshot()),
      ...addPrefix("statistics.", this.statistics.snapshot()),
      "random.noise": this.#noise.snapshot(),
      "recent.sum": scalarArray(this.#recent.sum),
      "recent.count": scalarArray(this.#recent.count),
      waiting: {
        data: Float64Array.from(waiting),
        shape: [this.#waiting.length, 3],
      },
    };
  }

  /** Goes on from a snapshot; the weights of that time are to be published. */
  restore(state: NamedArrays): void {
    this.#normalizers.restore(takePrefix("normalizer.", state));
    this.#counter.restore(takePrefix("counter.", state));
    this.#collector.restore(takePrefix("collector.", state));
    this.statistics.restore(takePrefix("statistics.", state));
    this.#noise.restore(arrayNamed(state, "random.noise"));
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
  }

  /** Takes over the normalisers of another run, nothing else. */
  initialize(state: NamedArrays): void {
    this.#normalizers.restore(takePrefix("normalizer.", state));
  }

  /** Drops unfinished experience, of one source or of all. */
  forgetUnfinished(source?: number): void {
    if (source !== undefined) return this.#collector.forgetSource(source);
    this.#collector.forgetAgents();
    this.#waiting = [];
  }

  /** What Unity's model of the policy with these weights is made of. */
  exportPolicy(weights: NamedArrays): UnityPolicy {
    const statistics = this.#normalizers.inputs();
    const { modelVersion } = this.#trainer;
    return exportPolicy(this.#networks, weights, statistics, modelVersion);
  }

  close(): void {
    this.#actor.close();
  }

  /** A policy that has learned its part tells no more, in inference it does. */
  #countActing(decisions: number): readonly SummaryDue[] {
    const step = this.#acted.count(decisions);
    if (step === null) return [];
    const statistics = this.statistics.take();
    return this.#trainer.inference ? [{ step, statistics }] : [];
  }

  #note({ reward, length, groupReward }: EpisodeEnd): void {
    this.statistics.add(tags.cumulativeReward, reward, "histogram");
    this.statistics.add(tags.episodeLength, length);
    if (groupReward !== undefined) {
      this.statistics.add(tags.groupReward, groupReward, "histogram");
    }
    for (const { name, strength } of this.#signals) {
      this.statistics.add(tags.signalReward(name), strength * reward);
    }
    this.#recent.sum += reward;
    this.#recent.count++;
  }
}

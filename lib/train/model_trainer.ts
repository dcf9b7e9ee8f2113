/** Takes a trainer's place in a run in which a model acts and nobody learns. */
import { encodeModel } from "../onnx/onnx_schema.ts";
import type { ReadUnityModel } from "../onnx/read_unity_model.ts";
import type { BehaviorSpec } from "../spec.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { RandomGenerator } from "../util/random.ts";
import { actionRows } from "./action_rows.ts";
import { ActingAgents, type PlayedEpisode } from "./acting_agents.ts";
import { ModelActor } from "./model_actor.ts";
import { Statistics, tags } from "./statistics.ts";
import { StepCounter } from "./step_counter.ts";
import type { Arrival, SourceActions, SummaryDue, Trainer } from "./trainer.ts";

export interface ModelTrainerOptions {
  /** Name without the team. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  readonly model: ReadUnityModel;
  readonly seed: number;
  readonly deterministic: boolean;
  /** Decisions between two summaries. */
  readonly summaryFrequency: number;
  /** Is told of every episode that has ended. */
  readonly onEpisode: (episode: PlayedEpisode) => void;
}

export class ModelTrainer implements Trainer {
  readonly behavior: string;
  readonly trainerType = "model";
  readonly spec: BehaviorSpec;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Acting has no end of its own. */
  readonly maxSteps = 0;
  readonly isLearning = false;
  readonly recentReward = null;
  readonly statistics = new Statistics();
  readonly #onEpisode: ModelTrainerOptions["onEpisode"];
  readonly #model: ReadUnityModel;
  readonly #actor: ModelActor;
  readonly #agents: ActingAgents;
  readonly #counter: StepCounter;
  #waiting: readonly Arrival[] = [];

  /** Throws UserError when the model does not fit, or cannot be run. */
  constructor(options: ModelTrainerOptions) {
    const { behavior, spec, model, seed, deterministic } = options;
    this.behavior = behavior;
    this.spec = spec;
    this.settings = { model: model.path, deterministic };
    this.#model = model;
    this.#onEpisode = options.onEpisode;
    this.#actor = new ModelActor(model, {
      behavior,
      spec,
      random: new RandomGenerator(seed, `${behavior}/noise`),
      deterministic,
    });
    this.#agents = new ActingAgents(model.memorySize);
    this.#counter = new StepCounter(options.summaryFrequency, Infinity);
  }

  /** Decisions so far. */
  get step(): number {
    return this.#counter.step;
  }

  ingest(arrivals: readonly Arrival[]): readonly SummaryDue[] {
    this.#waiting = arrivals;
    for (const episode of this.#agents.ingest(arrivals)) {
      const { reward, length, groupReward } = episode;
      this.statistics.add(tags.cumulativeReward, reward, "histogram");
      this.statistics.add(tags.episodeLength, length);
      if (groupReward !== undefined) {
        this.statistics.add(tags.groupReward, groupReward, "histogram");
      }
      this.#onEpisode(episode);
    }
    const decisions = arrivals.reduce(
      (sum, { steps }) => sum + steps.decision.count,
      0,
    );
    const step = this.#counter.count(decisions);
    return step === null ? [] : [{ step, statistics: this.statistics.take() }];
  }

  act(): readonly SourceActions[] {
    const arrivals = this.#waiting;
    this.#waiting = [];
    const { actions, memory } = this.#actor.act(
      arrivals.map(({ steps }) => steps.decision),
      this.#agents.recall(arrivals),
    );
    this.#agents.remember(arrivals, memory);
    let row = 0;
    return arrivals.map(({ source, steps: { decision: { count } } }) => ({
      source,
      actions: actionRows(this.spec.actionSpec, actions, row, row += count),
    }));
  }

  forgetUnfinished(source?: number): void {
    const isKept = (each: Arrival) =>
      source !== undefined && each.source !== source;
    this.#waiting = this.#waiting.filter(isKept);
    if (source === undefined) this.#agents.forgetAll();
    else this.#agents.forget(source);
  }

  updateIfReady(): Promise<void> {
    return Promise.resolve();
  }

  takeCheckpointDue(): boolean {
    return false;
  }

  /** Nothing: a model is whole in its file. */
  snapshot(): NamedArrays {
    return {};
  }

  restore(): void {}

  initialize(): void {}

  exportModel(): Promise<Uint8Array> {
    return Promise.resolve(encodeModel(this.#model.model));
  }

  close(): void {
    this.#actor.close();
  }
}

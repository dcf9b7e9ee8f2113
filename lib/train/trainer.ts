/** What the training loop knows of an algorithm. */
import type { ActionColumns, BehaviorSteps } from "../env/env.ts";
import type { StatisticSummary } from "../events.ts";
import type { ContractVersion } from "../onnx/model_inputs.ts";
import type { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { BehaviorSettings } from "../settings/behavior_settings.ts";
import type { BehaviorSpec } from "../spec.ts";
import type { NamedArrays } from "../util/arrays.ts";
import type { MakeModel } from "./model_maker.ts";
import type { Statistics } from "./statistics.ts";
import type { Timers } from "./timers.ts";

/** The settings of one algorithm. */
export type SettingsOf<Type extends BehaviorSettings["trainer_type"]> = Extract<
  BehaviorSettings,
  { trainer_type: Type }
>;

/** What every trainer is made of. */
export interface TrainerOptions<
  Settings extends BehaviorSettings = BehaviorSettings,
> {
  /** Name without the team. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  readonly settings: Settings;
  readonly seed: number;
  /** Act only; nothing is learned or counted. */
  readonly inference: boolean;
  /** Version of the contract that models for Unity keep. */
  readonly modelVersion: ContractVersion;
  readonly runtime: WorkerRuntime;
  readonly timers: Timers;
  /** Is told what the user should know. */
  readonly onNotice: (message: string) => void;
}

/** A summary interval that ended while records were taken in. */
export interface SummaryDue {
  /** The multiple of `summary_freq` that was reached. */
  readonly step: number;
  readonly statistics: ReadonlyMap<string, StatisticSummary>;
}

/** What one source reported: an environment's agents of one team. */
export interface Arrival {
  /** Tells environments and teams apart, from first to last. */
  readonly source: number;
  readonly steps: BehaviorSteps;
}

/** Actions for the decisions of one arrival, in its order. */
export interface SourceActions {
  readonly source: number;
  readonly actions: ActionColumns;
}

/** Trains one behaviour, whatever the algorithm. */
export interface Trainer {
  /** Name without the team. */
  readonly behavior: string;
  readonly trainerType: string;
  /** What its agents see and do. */
  readonly spec: BehaviorSpec;
  /** The resolved settings as plain data. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly maxSteps: number;
  /** Decisions learned from so far. */
  readonly step: number;
  /** False once `max_steps` is passed, and in inference. */
  readonly isLearning: boolean;
  readonly statistics: Statistics;
  /**
   * Takes in what has arrived, at most one report of each source; returns
   * summaries that became due.
   */
  ingest(arrivals: readonly Arrival[]): readonly SummaryDue[];
  /** Learns, if enough experience has come together. */
  updateIfReady(): Promise<void>;
  /** Waits for learning that goes on meanwhile: a snapshot needs its end. */
  settle?(): Promise<void>;
  /**
   * Chooses the actions for all decisions of the latest `ingest` at once. They
   * may be overwritten by the next call.
   */
  act(): readonly SourceActions[];
  /** True once per passed multiple of `checkpoint_interval`. */
  takeCheckpointDue(): boolean;
  /** Mean return of the episodes since the last update; null = none. */
  readonly recentReward: number | null;
  /**
   * The whole state, to continue from bit for bit. It is written while training
   * goes on: nobody changes its arrays afterwards.
   */
  snapshot(): NamedArrays;
  /** Collected experience, where it is to be saved beside the state; likewise. */
  snapshotReplay?(): NamedArrays | undefined;
  /** `replay`: the experience that was saved with the state, if any was. */
  restore(state: NamedArrays, replay?: NamedArrays): void;
  /** Starts from another run's weights and normaliser, at step 0. */
  initialize(state: NamedArrays): void;
  /** Drops unfinished experience, of one source or of all: it was reset. */
  forgetUnfinished(source?: number): void;
  /** Unity's model of the present policy, of which `make` takes a copy. */
  exportModel(make: MakeModel): Promise<Uint8Array>;
  close(): void;
}

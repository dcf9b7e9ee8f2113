/**
 * What happens during a run, as plain data. Training emits these events and
 * knows nothing of files, terminals or dashboards, which consume them.
 */
import type { BehaviorSpec } from "./spec.ts";
import type { NamedArrays } from "./util/arrays.ts";

/** One statistic over a summary interval. */
export interface StatisticSummary {
  readonly aggregation: "average" | "latest" | "sum" | "histogram";
  /** The figure to show: mean, latest or sum by `aggregation`. */
  readonly value: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly sum: number;
  readonly count: number;
  /** All values, for `histogram` only. */
  readonly values?: Float64Array;
}

/** The run's world is up and training or inference begins. */
export interface RunStarted {
  readonly type: "run_started";
  readonly runId: string;
  /** The seed in force, also when the configuration left it to chance. */
  readonly seed: number;
  readonly resumed: boolean;
  readonly inference: boolean;
  /** Files of models that act, where no run's own policies do. */
  readonly models?: readonly string[];
}

/** A behaviour appeared and has a trainer now. */
export interface BehaviorStarted {
  readonly type: "behavior_started";
  /** Name without the team. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  readonly trainerType: string;
  readonly step: number;
  readonly maxSteps: number;
  /** The behaviour's resolved settings as plain data, for the event file. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Frequent and cheap: for the live line. */
export interface Progress {
  readonly type: "progress";
  readonly behavior: string;
  readonly step: number;
  readonly maxSteps: number;
  readonly elapsedSeconds: number;
  /** Steps per second of the recent past. */
  readonly stepsPerSecond: number;
  /** Mean return of the episodes since the last summary; null = none ended. */
  readonly meanReward: number | null;
}

/** A summary interval ended (`summary_freq`). */
export interface Summary {
  readonly type: "summary";
  readonly behavior: string;
  /** The multiple of `summary_freq` that was reached. */
  readonly step: number;
  readonly elapsedSeconds: number;
  /** By TensorBoard tag, in order of first use. */
  readonly statistics: ReadonlyMap<string, StatisticSummary>;
  readonly isTraining: boolean;
  /** `Environment/Cumulative Reward`; null when no episode ended. */
  readonly meanReward: number | null;
  readonly standardDeviation: number | null;
}

/** The state to keep; whoever stores it must not change the arrays. */
export interface CheckpointReached {
  readonly type: "checkpoint";
  readonly behavior: string;
  readonly trainerType: string;
  readonly spec: BehaviorSpec;
  readonly step: number;
  /** Mean return of episodes since the last policy update; null = none. */
  readonly reward: number | null;
  /** The behaviour's whole state. */
  readonly state: NamedArrays;
  /** Collected experience to be kept beside it, for trainers that go on with it. */
  readonly replay?: NamedArrays;
  /** State shared by all behaviours: environment, curricula, generators. */
  readonly runState: NamedArrays;
  /** Unity's model (ONNX bytes). */
  readonly model: Uint8Array;
  /** True for the last one of a run. */
  readonly final: boolean;
}

/** Something the user should know; `warning` asks for attention. */
export interface Notice {
  readonly type: "notice";
  readonly level: "info" | "warning";
  readonly message: string;
  readonly behavior?: string;
}

/** Something outside has to happen first; the next event is the end of it. */
export interface Waiting {
  readonly type: "waiting";
  /** What is waited for, and what the user can do. */
  readonly message: string;
}

/** Where a part of the run's time went: a tree by name. */
export interface TimerNode {
  /** Seconds, children included. */
  readonly total: number;
  readonly count: number;
  readonly children: Readonly<Record<string, TimerNode>>;
}

/** The run is over; files are complete after this event was handled. */
export interface RunEnded {
  readonly type: "run_ended";
  readonly reason: "finished" | "stopped" | "failed";
  readonly elapsedSeconds: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly timers: TimerNode;
}

export type RunEvent =
  | RunStarted
  | BehaviorStarted
  | Progress
  | Summary
  | CheckpointReached
  | Notice
  | Waiting
  | RunEnded;

/** Consumes events; training waits for a returned promise. */
export type EventSink = (event: RunEvent) => void | Promise<void>;

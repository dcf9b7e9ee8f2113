/** Events of small made-up runs. */
import type {
  BehaviorStarted,
  CheckpointReached,
  RunEnded,
  RunStarted,
  StatisticSummary,
  Summary,
} from "../../lib/events.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";

export const RUN_STARTED: RunStarted = {
  type: "run_started",
  runId: "r",
  seed: 7,
  resumed: false,
  inference: false,
};

export const RUN_ENDED: RunEnded = {
  type: "run_ended",
  reason: "finished",
  elapsedSeconds: 10,
  steps: {},
  timers: {
    total: 10,
    count: 1,
    children: {
      act: { total: 4, count: 100, children: {} },
      update: {
        total: 5,
        count: 3,
        children: { epochs: { total: 4.5, count: 3, children: {} } },
      },
    },
  },
};

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(8)],
  actionSpec: { continuousSize: 2, discreteBranches: [] },
};

export function behaviorStarted(
  behavior: string,
  settings: Record<string, unknown> = { keep_checkpoints: 5 },
): BehaviorStarted {
  return {
    type: "behavior_started",
    behavior,
    spec,
    trainerType: "ppo",
    step: 0,
    maxSteps: 500,
    settings,
  };
}

/** A run state that tells the moment. */
export function runState(moment: number): NamedArrays {
  return { moment: { data: new Float64Array([moment]), shape: [] } };
}

/** A checkpoint whose arrays and model are filled with its step. */
export function checkpoint(
  behavior: string,
  step: number,
  shared: NamedArrays,
  changes: Partial<CheckpointReached> = {},
): CheckpointReached {
  return {
    type: "checkpoint",
    behavior,
    trainerType: "ppo",
    spec,
    step,
    reward: step / 10,
    state: {
      weights: { data: new Float32Array(16).fill(step), shape: [4, 4] },
    },
    runState: shared,
    model: new TextEncoder().encode(`model ${step}`),
    final: false,
    ...changes,
  };
}

export function average(value: number): StatisticSummary {
  return {
    aggregation: "average",
    value,
    mean: value,
    standardDeviation: 0,
    sum: 2 * value,
    count: 2,
  };
}

export function summary(
  behavior: string,
  step: number,
  statistics: Record<string, StatisticSummary>,
): Summary {
  return {
    type: "summary",
    behavior,
    step,
    elapsedSeconds: 1.2344,
    statistics: new Map(Object.entries(statistics)),
    isTraining: true,
    meanReward: null,
    standardDeviation: null,
  };
}

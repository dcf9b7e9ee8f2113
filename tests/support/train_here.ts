import type { Environment } from "../../lib/env/env.ts";
import type { EventSink, RunEvent } from "../../lib/events.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { findBehaviorSettings } from "../../lib/settings/behavior_lookup.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type {
  RunConfiguration,
  RunSettings,
} from "../../lib/settings/run_settings.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import {
  EnvironmentPool,
  type EnvironmentPoolOptions,
} from "../../lib/train/environment_pool.ts";
import * as trainers from "../../lib/train/create_trainer.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { Trainer } from "../../lib/train/trainer.ts";
import { type SavedRun, TrainingRun } from "../../lib/train/training_run.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";

export type Behaviors = NonNullable<RunConfiguration["behaviors"]>;

/** The settings of a run with these behaviors. */
export function settingsOf(behaviors: Behaviors): RunSettings {
  return resolveSettings({ behaviors }).settings;
}

/** The world to train in: one environment, or several that are opened. */
type World =
  | { readonly environment: Environment }
  | { readonly players: Omit<EnvironmentPoolOptions, "signal"> };

export type TrainHereOptions = World & {
  readonly settings: RunSettings;
  readonly seed?: number;
  readonly inference?: boolean;
  readonly stop?: AbortSignal;
  readonly saved?: SavedRun;
  readonly emit?: EventSink;
};

/**
 * Runs the training loop in this process on any environment, without files and
 * without a command line. Returns all events.
 */
export async function trainHere(
  options: TrainHereOptions,
): Promise<RunEvent[]> {
  const { settings, saved, inference = false, seed = 1 } = options;
  const { stop = new AbortController().signal } = options;
  const events: RunEvent[] = [];
  const runtime = new WorkerRuntime();
  const timers = new Timers();
  const pool = await openPool(options, stop);
  try {
    await new TrainingRun({
      runId: "here",
      seed,
      inference,
      pool,
      timers,
      stop,
      ...(saved && { saved }),
      emit: async (event) => {
        events.push(event);
        await options.emit?.(event);
      },
      onBehaviors: () => {},
      createTrainer: (behavior, spec) =>
        Promise.resolve(createTrainer(settings, behavior, spec, {
          seed,
          inference,
          runtime,
          timers,
          onNotice: (message) =>
            events.push({ type: "notice", level: "info", message, behavior }),
        })),
    }).run();
  } finally {
    await pool.close();
    await runtime.close();
  }
  return events;
}

function openPool(
  world: World,
  signal: AbortSignal,
): Promise<EnvironmentPool> {
  if ("players" in world) {
    return EnvironmentPool.open({ ...world.players, signal });
  }
  return EnvironmentPool.open({
    count: 1,
    open: () => Promise.resolve(world.environment),
    lockstep: false,
    restarts: null,
    signal,
  });
}

/** The trainer for one behavior of the settings. */
export function createTrainer(
  settings: RunSettings,
  behavior: string,
  spec: BehaviorSpec,
  rest: {
    seed: number;
    inference: boolean;
    runtime: WorkerRuntime;
    timers: Timers;
    onNotice?: (message: string) => void;
  },
): Trainer {
  const own = findBehaviorSettings(settings, behavior);
  return trainers.createTrainer({
    behavior,
    spec,
    settings: own,
    modelVersion: 3,
    onNotice: () => {},
    ...rest,
  });
}

/** What a run goes on from after the last checkpoints among its events. */
export function savedRun(events: readonly RunEvent[]): SavedRun {
  const behaviors = new Map<string, NamedArrays>();
  const replays = new Map<string, NamedArrays>();
  let runState: NamedArrays = {};
  for (const event of events) {
    if (event.type !== "checkpoint") continue;
    behaviors.set(event.behavior, event.state);
    if (event.replay) replays.set(event.behavior, event.replay);
    runState = event.runState;
  }
  return { behaviors, replays, runState };
}

/** The events of one type. */
export function eventsOf<Type extends RunEvent["type"]>(
  events: readonly RunEvent[],
  type: Type,
): Extract<RunEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: Type }> =>
    event.type === type
  );
}

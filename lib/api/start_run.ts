/** Wires a run: settings, results folder, environment, programs, training. */
import { describeProblem, type Problem, UserError } from "../errors.ts";
import type { EventSink, RunEnded, RunEvent } from "../events.ts";
import type { ContractVersion } from "../onnx/model_inputs.ts";
import { WorkerRuntime } from "../runtime/worker_runtime.ts";
import type { BehaviorSettings } from "../settings/behavior_settings.ts";
import {
  checkBehaviors,
  findBehaviorSettings,
  misnamedBehaviors,
  missingBehaviors,
} from "../settings/behavior_lookup.ts";
import { configurationYaml } from "../settings/configuration_yaml.ts";
import type { ResolvedSettings } from "../settings/resolve_settings.ts";
import type { RunSettings } from "../settings/run_settings.ts";
import {
  unsupportedFeatures,
  unsupportedRunFeatures,
} from "../settings/unsupported_features.ts";
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import type { BehaviorSpec } from "../spec.ts";
import type { RunMode } from "../store/open_run.ts";
import { RunStore } from "../store/run_store.ts";
import type { EnvironmentPool } from "../train/environment_pool.ts";
import { createTrainer } from "../train/create_trainer.ts";
import { namedError } from "../train/named_problem.ts";
import { Timers } from "../train/timers.ts";
import type { Trainer } from "../train/trainer.ts";
import { type SavedRun, TrainingRun } from "../train/training_run.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { chooseModelVersion } from "./choose_model_version.ts";
import { drawSeed } from "./draw_seed.ts";
import { initializeTrainer } from "./initialize_trainer.ts";

import { livesHere } from "./open_environment.ts";
import { openPool } from "./open_pool.ts";
import { requireSameTrainer } from "./require_same_trainer.ts";
import type { RunResult } from "./run_handle.ts";
import { programName } from "./version.ts";
import { warmUp } from "./warm_up.ts";

export interface StartRunOptions {
  readonly resolved: ResolvedSettings;
  readonly emit: EventSink;
  readonly stop: AbortSignal;
  /** For the timer file. */
  readonly commandLine: string;
  /** Where the agents live, whatever the settings say. */
  readonly environment?: EnvironmentSource;
}

/** Runs to the end. Rejects with UserError for whatever the user can mend. */
export async function startRun(options: StartRunOptions): Promise<RunResult> {
  const { resolved, emit, stop, commandLine, environment } = options;
  const { settings, seed } = drawSeed(resolved.settings);
  const { checkpoint_settings: checkpoints } = settings;
  const { inference } = checkpoints;
  // Acting alone writes nothing: it reads the run it starts from.
  const runId = (inference ? checkpoints.initialize_from : null) ??
    checkpoints.run_id;
  refuse([...hopelessBehaviors(settings), ...unsupportedRunFeatures(settings)]);
  for (const problem of resolved.warnings) await warn(emit, problem);

  const store = await RunStore.open({
    resultsDirectory: checkpoints.results_dir,
    runId,
    mode: runMode(settings),
    configurationYaml: configurationYaml(settings),
    program: programName,
    commandLine,
    onNotice: emit,
  });
  // Files first: when others hear of a checkpoint, it is safe.
  let ended: RunEnded | undefined;
  const toAll = async (event: RunEvent) => {
    if (event.type === "run_ended") ended = event;
    await store.handle(event);
    await emit(event);
  };
  const timers = new Timers();
  const runtime = new WorkerRuntime();
  let pool: EnvironmentPool | undefined;
  let warming: ReturnType<typeof setTimeout> | undefined;
  try {
    const opening = openPool({
      settings,
      ...(environment && { environment }),
      seed,
      logDirectory: inference ? null : store.paths.logs,
      onNotice: (message) => emit({ type: "notice", level: "info", message }),
      onWaiting: (message) => emit({ type: "waiting", message }),
      signal: stop,
    });
    // A player that starts takes longer.
    if (!inference) warming = setTimeout(() => warmUp(runtime));
    pool = await opening;
    const saved = await loadSaved(store, settings, emit);
    const modelVersion = await chooseModelVersion(settings, pool, emit);
    await new TrainingRun({
      runId,
      seed,
      inference,
      pool,
      emit: toAll,
      timers,
      stop,
      ...(saved && { saved }),
      onBehaviors: (names) =>
        checkNames(settings, names, livesHere(settings, environment), emit),
      createTrainer: (behavior, spec) =>
        prepareTrainer(behavior, spec, {
          settings,
          seed,
          modelVersion,
          runtime,
          timers,
          mayInitialize: saved === undefined,
          emit,
        }),
    }).run();
  } catch (error) {
    throw store.withWhatIsSafe(error);
  } finally {
    clearTimeout(warming);
    await pool?.close();
    await runtime.close();
    await store.close();
  }
  const behaviors = Object.keys(ended?.steps ?? {});
  return {
    runId,
    folder: store.paths.folder,
    reason: ended?.reason === "stopped" ? "stopped" : "finished",
    elapsedSeconds: ended?.elapsedSeconds ?? 0,
    steps: ended?.steps ?? {},
    models: inference ? {} : Object.fromEntries(
      behaviors.map((name) => [name, store.paths.finalModel(name)]),
    ),
  };
}

function runMode({ checkpoint_settings: c }: RunSettings): RunMode {
  if (c.inference) return "inference";
  if (c.resume) return "resume";
  return c.force ? "force" : "new";
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(problems);
}

async function warn(emit: EventSink, problem: Problem): Promise<void> {
  const message = describeProblem(problem);
  await emit({ type: "notice", level: "warning", message });
}

/**
 * What keeps every listed behaviour from training. A file may list behaviours
 * of other scenes: what only they need is no reason to refuse.
 */
function hopelessBehaviors(settings: RunSettings): Problem[] {
  if (settings.default_settings) return [];
  const problems = Object.entries(settings.behaviors).map(([name, behavior]) =>
    unsupportedFeatures(name, behavior)
  );
  return problems.some(({ length }) => length === 0) ? [] : problems.flat();
}

/** Settings and environment must name the same behaviours. */
async function checkNames(
  settings: RunSettings,
  names: readonly string[],
  areAll: boolean,
  emit: EventSink,
): Promise<void> {
  // A Unity player may bring a behaviour in later, a simulator does not.
  refuse([
    ...checkBehaviors(settings, names),
    ...areAll ? misnamedBehaviors(settings, names) : [],
  ]);
  refuse(
    names.flatMap((name) =>
      unsupportedFeatures(name, findBehaviorSettings(settings, name))
    ),
  );
  const missing = missingBehaviors(settings, names);
  if (missing.length === 0) return;
  await warn(emit, {
    what: "the environment does not have all listed behaviors" +
      (areAll ? "" : " so far"),
    found: names.join(", "),
    cure: `${areAll ? "Left aside" : "These may come in later"}: ` +
      `${missing.join(", ")}.`,
  });
}

async function loadSaved(
  store: RunStore,
  settings: RunSettings,
  emit: EventSink,
): Promise<SavedRun | undefined> {
  const behaviors = new Map<string, NamedArrays>();
  const replays = new Map<string, NamedArrays>();
  let runState: NamedArrays = {};
  for (const behavior of store.savedBehaviors) {
    const checkpoint = await store.loadCheckpoint(behavior);
    if (!checkpoint) continue;
    const own = settingsOf(settings, behavior);
    if (own) requireSameTrainer(checkpoint, behavior, own.trainer_type);
    behaviors.set(behavior, checkpoint.state);
    runState = checkpoint.runState;
    if (settings.checkpoint_settings.inference) continue;
    const replay = await loadReplay(store, settings, behavior, emit);
    if (replay) replays.set(behavior, replay);
  }
  return behaviors.size > 0 ? { behaviors, replays, runState } : undefined;
}

/** Null for a behavior that the settings know no more. */
function settingsOf(
  { behaviors, default_settings }: RunSettings,
  behavior: string,
): BehaviorSettings | null {
  return behaviors[behavior] ?? default_settings;
}

/** The replay buffer to go on with; says where a trainer has to do without. */
async function loadReplay(
  store: RunStore,
  settings: RunSettings,
  behavior: string,
  emit: EventSink,
): Promise<NamedArrays | null> {
  const own = settingsOf(settings, behavior);
  if (own?.trainer_type !== "sac") return null;
  const isSaved = own.hyperparameters.save_replay_buffer;
  const replay = isSaved ? await store.loadReplay(behavior) : null;
  if (replay) return replay;
  await emit({
    type: "notice",
    level: isSaved ? "warning" : "info",
    message: `${behavior}: the replay buffer is empty, ` +
      (isSaved
        ? "none was saved with this checkpoint."
        : "it was not to be saved (save_replay_buffer)."),
  });
  return null;
}

interface TrainerContext {
  readonly settings: RunSettings;
  readonly seed: number;
  readonly modelVersion: ContractVersion;
  readonly runtime: WorkerRuntime;
  readonly timers: Timers;
  /** False in a resumed run, whose own weights win (F-28). */
  readonly mayInitialize: boolean;
  readonly emit: EventSink;
}

async function prepareTrainer(
  behavior: string,
  spec: BehaviorSpec,
  context: TrainerContext,
): Promise<Trainer> {
  const { settings, seed, modelVersion, runtime, timers } = context;
  const own = findBehaviorSettings(settings, behavior);
  refuse(unsupportedFeatures(behavior, own));
  const { checkpoint_settings: checkpoints } = settings;
  const options = {
    behavior,
    spec,
    settings: own,
    seed,
    inference: checkpoints.inference,
    modelVersion,
    runtime,
    timers,
    onNotice: (message: string) =>
      context.emit({ type: "notice", level: "info", message, behavior }),
  };
  let trainer: Trainer;
  try {
    trainer = createTrainer(options);
  } catch (error) {
    throw namedError(behavior, error);
  }
  const { initialize_from: runId, results_dir } = checkpoints;
  if (context.mayInitialize && (runId !== null || own.init_path !== null)) {
    await initializeTrainer(
      trainer,
      {
        resultsDirectory: results_dir,
        runId,
        behavior,
        initPath: own.init_path,
      },
      own.network_settings,
      context.emit,
    );
  }
  return trainer;
}

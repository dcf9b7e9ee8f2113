/** Wires a run in which models act: no results, no learning. */
import { describeProblem, nearestName, UserError } from "../errors.ts";
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import type { EventSink, RunEnded, RunEvent } from "../events.ts";
import {
  checkBehaviors,
  findBehaviorSettings,
} from "../settings/behavior_lookup.ts";
import type { ResolvedSettings } from "../settings/resolve_settings.ts";
import type { PlayedEpisode } from "../train/acting_agents.ts";
import type { EnvironmentPool } from "../train/environment_pool.ts";
import { ModelTrainer } from "../train/model_trainer.ts";
import { Timers } from "../train/timers.ts";
import { TrainingRun } from "../train/training_run.ts";
import { drawSeed } from "./draw_seed.ts";
import { loadModel } from "./load_model.ts";
import { type ModelChoice, modelFiles, modelFor } from "./model_choice.ts";
import { livesHere } from "./open_environment.ts";
import { openPool } from "./open_pool.ts";
import type { PlayResult } from "./play_result.ts";

export interface ActingOptions {
  readonly resolved: ResolvedSettings;
  readonly models: ModelChoice;
  readonly emit: EventSink;
  readonly stop: AbortSignal;
  /** Ends when each behavior has played so many; null = when it is stopped. */
  readonly episodes: number | null;
  /** Where the agents live, whatever the settings say. */
  readonly environment?: EnvironmentSource;
}

/** Acts to the end. Rejects with UserError for whatever the user can mend. */
export async function actWithModels(
  options: ActingOptions,
): Promise<PlayResult> {
  const { resolved, models, emit, episodes: wanted } = options;
  const { environment } = options;
  const { settings, seed } = drawSeed(resolved.settings);
  for (const problem of resolved.warnings) {
    const message = describeProblem(problem);
    await emit({ type: "notice", level: "warning", message });
  }
  const files = modelFiles(models);
  const loaded = new Map(
    await Promise.all(
      files.map(async (file) => [file, await loadModel(file)] as const),
    ),
  );
  const played = new Map<string, PlayedEpisode[]>();
  const done = new AbortController();
  const note = (behavior: string, episode: PlayedEpisode) => {
    // Of those that began first, also where short ones end before long ones.
    if (wanted !== null && episode.number >= wanted) return;
    played.get(behavior)?.push(episode);
    const all = [...played.values()];
    if (all.every(({ length }) => length === wanted)) done.abort();
  };
  let ended: RunEnded | undefined;
  const toAll = async (event: RunEvent) => {
    if (event.type === "run_started") return emit({ ...event, models: files });
    if (event.type !== "run_ended") return emit(event);
    ended = done.signal.aborted ? { ...event, reason: "finished" } : event;
    await emit(ended);
  };
  const stop = AbortSignal.any([options.stop, done.signal]);
  let pool: EnvironmentPool | undefined;
  try {
    pool = await openPool({
      settings,
      ...(environment && { environment }),
      seed,
      logDirectory: null,
      onNotice: (message) => emit({ type: "notice", level: "info", message }),
      onWaiting: (message) => emit({ type: "waiting", message }),
      signal: stop,
    });
    await new TrainingRun({
      runId: "",
      seed,
      inference: true,
      pool,
      emit: toAll,
      timers: new Timers(),
      stop,
      onBehaviors: (names) => {
        const problems = checkBehaviors(settings, names);
        if (problems.length > 0) throw new UserError(problems);
        if (livesHere(settings, environment)) checkModels(models, names);
      },
      createTrainer: (behavior, spec) => {
        const path = modelFor(models, behavior);
        const model = loaded.get(path);
        if (!model) throw new RangeError(path);
        const own = findBehaviorSettings(settings, behavior);
        played.set(behavior, []);
        return Promise.resolve(
          new ModelTrainer({
            behavior,
            spec,
            model,
            seed,
            deterministic: own.network_settings.deterministic,
            summaryFrequency: own.summary_freq,
            onEpisode: (episode) => note(behavior, episode),
          }),
        );
      },
    }).run();
  } finally {
    await pool?.close();
  }
  return {
    reason: ended?.reason === "stopped" ? "stopped" : "finished",
    elapsedSeconds: ended?.elapsedSeconds ?? 0,
    steps: ended?.steps ?? {},
    episodes: Object.fromEntries(
      [...played].map(([behavior, episodes]) => [
        behavior,
        episodes.sort((a, b) => a.number - b.number),
      ]),
    ),
  };
}

/** A Unity player may bring a behavior in later, a simulator cannot. */
function checkModels(
  { byBehavior }: ModelChoice,
  names: readonly string[],
): void {
  for (const behavior of byBehavior.keys()) {
    if (names.includes(behavior)) continue;
    const near = nearestName(behavior, names);
    throw new UserError({
      what: "the environment has no behavior for a model",
      found: behavior,
      allowed: names.join(", "),
      cure: near === undefined
        ? "Use a name that is allowed."
        : `Did you mean ${near}?`,
    });
  }
}

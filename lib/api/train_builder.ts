/** The fluent way to describe a run. */
import type { EventSink } from "../events.ts";
import { type PlainMap, setAt } from "../settings/plain_maps.ts";
import { loadSettings } from "../settings/load_settings.ts";
import { defaultSettings } from "../settings/read_settings.ts";
import {
  type ResolvedSettings,
  resolveSettings,
} from "../settings/resolve_settings.ts";
import type { RunConfiguration } from "../settings/run_settings.ts";
import type { SettingsOverrides } from "../settings/setting_overrides.ts";
import { RunHandle } from "./run_handle.ts";
import { startRun } from "./start_run.ts";

/** A file's path or URL, or the same keys as an object. */
export type ConfigurationSource = string | URL | RunConfiguration;

/**
 * Describes a run step by step; every method returns a new description and
 * nothing happens before `run`.
 */
export class TrainBuilder {
  readonly #source: ConfigurationSource | undefined;
  readonly #overrides: SettingsOverrides;
  readonly #sinks: readonly EventSink[];
  readonly #commandLine: string;

  constructor(
    source: ConfigurationSource | undefined,
    overrides: SettingsOverrides = {},
    sinks: readonly EventSink[] = [],
    commandLine = "",
  ) {
    this.#source = source;
    this.#overrides = overrides;
    this.#sinks = sinks;
    this.#commandLine = commandLine;
  }

  /** `sim:NAME` or the path of a Unity build; without it the Editor. */
  env(path: string): TrainBuilder {
    return this.#set(["env_settings", "env_path"], path);
  }

  /** Further arguments of the Unity build. */
  envArgs(args: readonly string[]): TrainBuilder {
    return this.#set(["env_settings", "env_args"], [...args]);
  }

  /** Environments side by side; groups of areas for a simulator. */
  numEnvs(count: number): TrainBuilder {
    return this.#set(["env_settings", "num_envs"], count);
  }

  /** The seed of all randomness. */
  seed(seed: number): TrainBuilder {
    return this.#set(["env_settings", "seed"], seed);
  }

  /** Name of the run and of its folder. */
  runId(id: string): TrainBuilder {
    return this.#set(["checkpoint_settings", "run_id"], id);
  }

  /** The folder of all runs. */
  resultsDir(folder: string): TrainBuilder {
    return this.#set(["checkpoint_settings", "results_dir"], folder);
  }

  /** Continues the run of that name. */
  resume(): TrainBuilder {
    return this.#set(["checkpoint_settings", "resume"], true);
  }

  /** Replaces the run of that name. */
  force(): TrainBuilder {
    return this.#set(["checkpoint_settings", "force"], true);
  }

  /** Acts only and learns nothing. */
  inference(): TrainBuilder {
    return this.#set(["checkpoint_settings", "inference"], true);
  }

  /** Starts from the weights of another run. */
  initializeFrom(runId: string): TrainBuilder {
    return this.#set(["checkpoint_settings", "initialize_from"], runId);
  }

  /** Sends every event of the run to `sink`; training waits for promises. */
  on(sink: EventSink): TrainBuilder {
    return new TrainBuilder(
      this.#source,
      this.#overrides,
      [...this.#sinks, sink],
      this.#commandLine,
    );
  }

  /** Starts the run. Mistakes in the description reject the handle. */
  run(): RunHandle {
    return new RunHandle(async (emit, stop) => {
      const sinks = [...this.#sinks, emit];
      return await startRun({
        resolved: await this.#resolve(),
        emit: async (event) => {
          for (const sink of sinks) await sink(event);
        },
        stop,
        commandLine: this.#commandLine,
      });
    });
  }

  async #resolve(): Promise<ResolvedSettings> {
    const source = this.#source;
    if (source === undefined) return defaultSettings(this.#overrides);
    return typeof source === "string" || source instanceof URL
      ? await loadSettings(source, this.#overrides)
      : resolveSettings(source, this.#overrides);
  }

  #set(path: readonly string[], value: unknown): TrainBuilder {
    const run: PlainMap = setAt(this.#overrides.run ?? {}, path, value);
    return new TrainBuilder(
      this.#source,
      { ...this.#overrides, run },
      this.#sinks,
      this.#commandLine,
    );
  }
}

/**
 * Begins the description of a run: from a configuration file, from an object
 * with the same keys, or with defaults for whatever the environment holds.
 */
export function train(config?: ConfigurationSource): TrainBuilder {
  return new TrainBuilder(config);
}

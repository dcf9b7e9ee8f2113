/** The fluent way to describe a run. */
import { fileURLToPath } from "node:url";
import type { EventSink } from "../events.ts";
import { configurationYaml } from "../settings/configuration_yaml.ts";
import { explainSettings } from "../settings/explanation.ts";
import { loadSettings } from "../settings/load_settings.ts";
import { defaultSettings } from "../settings/read_settings.ts";
import {
  type ResolvedSettings,
  resolveSettings,
} from "../settings/resolve_settings.ts";
import {
  isRunConfiguration,
  type RunConfiguration,
} from "../settings/run_settings.ts";
import { beginRun } from "./begin_run.ts";
import { RunHandle } from "./run_handle.ts";
import type { SettingCommand } from "./environment_commands.ts";
import {
  environmentOf,
  overridesOf,
  SettingCommands,
} from "./setting_commands.ts";

/** A file's path or URL, or the same keys as an object. */
export type ConfigurationSource = string | URL | RunConfiguration;

/** A run as it is described so far. */
interface RunDescription {
  /** Without one every behavior takes the defaults. */
  readonly source: ConfigurationSource | undefined;
  readonly commands: readonly SettingCommand[];
  readonly sinks: readonly EventSink[];
}

/**
 * Describes a run step by step; every method of the chain returns a new
 * description, and no file is opened before one of the last methods: `run`,
 * `toConfig`, `toYaml` and `explain`. Mistakes reject those with a `UserError`
 * that names all of them.
 */
export class TrainBuilder extends SettingCommands<TrainBuilder> {
  readonly #description: RunDescription;

  constructor(description: RunDescription) {
    super();
    this.#description = description;
  }

  /** Sends every event of the run to `sink`; training waits for promises. */
  on(sink: EventSink): TrainBuilder {
    const { sinks } = this.#description;
    return new TrainBuilder({ ...this.#description, sinks: [...sinks, sink] });
  }

  /** Starts the run. */
  run(): RunHandle {
    return new RunHandle(async (emit, stop) => {
      const resolved = await this.#resolve();
      const { source, commands, sinks: own } = this.#description;
      const environment = environmentOf(commands);
      const sinks = [...own, emit];
      const files = isFile(source) ? [pathOf(source)] : [];
      return await beginRun({
        resolved,
        emit: async (event) => {
          for (const sink of sinks) await sink(event);
        },
        stop,
        commandLine: "",
        ...(environment && { environment }),
      }, files);
    });
  }

  /** The configuration with everything that the chain says, as an object. */
  async toConfig(): Promise<RunConfiguration> {
    const { configuration } = await this.#resolve();
    if (isRunConfiguration(configuration)) {
      return structuredClone(configuration);
    }
    throw new TypeError("settings were resolved from no configuration");
  }

  /** {@link toConfig} as the text of a configuration file. */
  async toYaml(): Promise<string> {
    return configurationYaml(await this.toConfig());
  }

  /**
   * All settings in full, as YAML, each with its origin behind it: a file and
   * line, `code`, the setting that it follows, or `default`.
   */
  async explain(): Promise<string> {
    return explainSettings(await this.#resolve(), () => "code");
  }

  protected override record(command: SettingCommand): TrainBuilder {
    const { commands } = this.#description;
    return new TrainBuilder({
      ...this.#description,
      commands: [...commands, command],
    });
  }

  async #resolve(): Promise<ResolvedSettings> {
    const { source, commands } = this.#description;
    const overrides = overridesOf(commands);
    if (source === undefined) return defaultSettings(overrides);
    return isFile(source)
      ? await loadSettings(source, overrides)
      : resolveSettings(source, overrides);
  }
}

function isFile(
  source: ConfigurationSource | undefined,
): source is string | URL {
  return typeof source === "string" || source instanceof URL;
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : file;
}

/**
 * Begins the description of a run: from a configuration file, from an object
 * with the same keys, or with defaults for whatever the environment holds.
 */
export function train(config?: ConfigurationSource): TrainBuilder {
  return new TrainBuilder({ source: config, commands: [], sinks: [] });
}

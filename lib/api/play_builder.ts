/** The fluent way to let models act. */
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import type { EventSink } from "../events.ts";
import { defaultSettings } from "../settings/read_settings.ts";
import { beginActing } from "./begin_acting.ts";
import {
  EnvironmentCommands,
  type SettingCommand,
} from "./environment_commands.ts";
import type { ModelChoice } from "./model_choice.ts";
import type { PlayResult } from "./play_result.ts";
import { RunHandle } from "./run_handle.ts";
import { environmentOf, overridesOf } from "./setting_commands.ts";

/** One .onnx file for all behaviors, or one for each by their names. */
export type ModelSource =
  | string
  | URL
  | Readonly<Record<string, string | URL>>;

/** A play as it is described so far. */
interface PlayDescription {
  readonly models: ModelChoice;
  readonly commands: readonly SettingCommand[];
  readonly episodes: number;
  readonly sinks: readonly EventSink[];
}

/**
 * Describes step by step where models act and for how long; every method
 * returns a new description, and no file is opened before `run`.
 */
export class PlayBuilder extends EnvironmentCommands<PlayBuilder> {
  readonly #description: PlayDescription;

  constructor(description: PlayDescription) {
    super();
    this.#description = description;
  }

  /** How many episodes of each behavior are played, those that begin first. */
  episodes(count: number): PlayBuilder {
    return new PlayBuilder({ ...this.#description, episodes: count });
  }

  /** Takes the likeliest actions instead of drawing them. */
  deterministic(wanted = true): PlayBuilder {
    return this.record({
      kind: "add",
      settings: { network_settings: { deterministic: wanted } },
    });
  }

  /** Sends every event to `sink`; acting waits for promises. */
  on(sink: EventSink): PlayBuilder {
    const { sinks } = this.#description;
    return new PlayBuilder({ ...this.#description, sinks: [...sinks, sink] });
  }

  /** Starts. Mistakes reject with a `UserError` that names them. */
  run(): RunHandle<PlayResult> {
    return new RunHandle(async (emit, stop) => {
      const { models, commands, episodes, sinks: own } = this.#description;
      if (!Number.isInteger(episodes) || episodes < 1) {
        throw new UserError({
          what: "so many episodes cannot be played",
          found: String(episodes),
          allowed: "a whole number, 1 or more",
        });
      }
      const sinks = [...own, emit];
      const environment = environmentOf(commands);
      return await beginActing({
        resolved: defaultSettings(overridesOf(commands)),
        models,
        episodes,
        emit: async (event) => {
          for (const sink of sinks) await sink(event);
        },
        stop,
        ...(environment && { environment }),
      }, []);
    });
  }

  protected override record(command: SettingCommand): PlayBuilder {
    const { commands } = this.#description;
    return new PlayBuilder({
      ...this.#description,
      commands: [...commands, command],
    });
  }
}

/**
 * Begins the description of a play: `play("3DBall.onnx").env("sim:3DBall")`.
 * Ten episodes are played unless another number is asked for.
 */
export function play(models: ModelSource): PlayBuilder {
  return new PlayBuilder({
    models: choiceOf(models),
    commands: [],
    episodes: 10,
    sinks: [],
  });
}

function choiceOf(models: ModelSource): ModelChoice {
  if (typeof models === "string" || models instanceof URL) {
    return { others: pathOf(models), byBehavior: new Map() };
  }
  const entries = Object.entries(models);
  return {
    others: null,
    byBehavior: new Map(entries.map(([name, file]) => [name, pathOf(file)])),
  };
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : file;
}

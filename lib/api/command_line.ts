/** From the words of a command line to a command as data. */
import { type Command, CommanderError, Option } from "commander";
import type { Problem } from "../errors.ts";
import type { CompanionPaths } from "../settings/legacy/companions.ts";
import { type PlainMap, setAt, valueAt } from "../settings/plain_maps.ts";
import { settingSchema } from "../settings/run_settings.ts";
import type { SettingsOverrides } from "../settings/setting_overrides.ts";
import { commandOptions } from "./command_options.ts";
import {
  completeOption,
  describeProgram,
  isSwitch,
  modelFlags,
} from "./command_program.ts";
import { type ModelChoice, readModelChoice } from "./model_choice.ts";
import { readRetiredOptions } from "./read_retired_options.ts";
import { readArgument, wrongUsage } from "./usage.ts";
import { allVerbs, type VerbCommand } from "./verbs/all_verbs.ts";

/** Train, resume or act: what is done without a verb. */
export interface TrainCommand {
  readonly kind: "train";
  /** The configuration file; without one every behavior takes the defaults. */
  readonly configPath?: string;
  /** What the options say, to be laid over the configuration. */
  readonly overrides: SettingsOverrides;
  /** Files of `--curriculum` and `--sampler`, to be merged into it. */
  readonly beside?: CompanionPaths;
  /** Models of `--model`, which act instead of what a run has learned. */
  readonly models?: ModelChoice;
  /** `--debug`, known before a configuration is read. */
  readonly debug: boolean;
  readonly warnings: readonly Problem[];
}

/** Text to print and be done. */
export interface TextCommand {
  readonly kind: "help" | "version";
  readonly text: string;
}

export type CommandLine = TrainCommand | VerbCommand | TextCommand;

/**
 * Reads the words after the program's name. Nothing is printed or opened.
 *
 * @throws {UserError} with exit code 2 for wrong usage.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let parsed: CommandLine | undefined;
  let printed = "";
  const { program, verbs } = describeProgram((text) => printed += text);
  const { words, envArgs } = splitWords(argv, program);
  program.action((configPath: string | undefined) => {
    parsed = readTrain(configPath, program, envArgs);
  });
  for (const [verb, command] of verbs) {
    command.action(() => {
      parsed = verb.read(command);
    });
  }
  try {
    program.parse(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw wrongUsage(translate(error.message));
    const kind = error.code === "commander.version" ? "version" : "help";
    return { kind, text: printed };
  }
  if (!parsed) throw new Error("commander found no command to run");
  return parsed;
}

/**
 * Reads words that are to start a run.
 *
 * @throws {UserError} with exit code 2 for wrong usage, and for other commands.
 */
export function parseRun(words: readonly string[]): TrainCommand {
  const command = parseCommandLine(words);
  if (command.kind === "train") return command;
  throw wrongUsage({
    what: "is no run",
    path: words[0],
    cure: "Write a configuration and options, as for training.",
  });
}

/** The files that a run's settings are read from. */
export function configurationFiles(
  { configPath, beside = {} }: TrainCommand,
): string[] {
  return [configPath, ...Object.values(beside)]
    .filter((file) => file !== undefined);
}

/**
 * Completes shortened options, and takes what follows `--env-args` out: it
 * belongs to the environment, word by word.
 */
function splitWords(argv: readonly string[], program: Command): {
  words: string[];
  envArgs?: string[];
} {
  if (allVerbs.some(({ name }) => name === argv[0])) {
    return { words: [...argv] };
  }
  const words = argv.map((word) => completeOption(word, program));
  const at = words.findIndex((word) => /^--env-args(=|$)/.test(word));
  if (at < 0) return { words };
  const joined = words[at].includes("=") ? [words[at].slice(11)] : [];
  return {
    words: words.slice(0, at),
    envArgs: [...joined, ...argv.slice(at + 1)],
  };
}

const portPath = ["env_settings", "base_port"];

/** The default of `--base-port`. */
const firstPort = 5005;

function readTrain(
  configPath: string | undefined,
  program: Command,
  envArgs: readonly string[] | undefined,
): TrainCommand {
  const values: PlainMap = program.opts();
  const given = (flags: string) => {
    const attribute = new Option(flags).attributeName();
    return program.getOptionValueSource(attribute) === "cli"
      ? values[attribute]
      : undefined;
  };
  const retired = readRetiredOptions(given);
  const problems = [...retired.problems, ...unfitConfiguration(configPath)];
  let { run, everyBehavior } = retired;
  for (const { flags, path, ...goal } of commandOptions) {
    const option = new Option(flags);
    const argument = given(flags);
    if (argument === undefined) continue;
    if (goal.everyBehavior) {
      everyBehavior = setAt(everyBehavior, path, argument);
    } else if (isSwitch(flags)) {
      run = setAt(run, path, option.negate ? !argument : argument);
    } else {
      const schema = settingSchema(path);
      const read = readArgument(`${option.long}`, schema, argument);
      if (read.problem) problems.push(read.problem);
      run = setAt(run, path, read.value);
    }
  }
  if (retired.portOffset > 0) {
    const first = valueAt(run, portPath) ?? firstPort;
    const port = Number(first) + retired.portOffset;
    const read = readArgument("--worker-id", settingSchema(portPath), port);
    if (read.problem) problems.push(read.problem);
    run = setAt(run, portPath, read.value);
  }
  const models = given(modelFlags);
  const chosen = Array.isArray(models)
    ? readModelChoice(models.map(String))
    : null;
  problems.push(...chosen?.problems ?? []);
  if (problems.length > 0) throw wrongUsage(problems);
  if (envArgs) run = setAt(run, ["env_settings", "env_args"], envArgs);
  const { beside } = retired;
  return {
    kind: "train",
    ...configPath === undefined ? {} : { configPath },
    overrides: { run, everyBehavior },
    ...Object.keys(beside).length > 0 ? { beside } : {},
    ...chosen && { models: chosen.choice },
    debug: values.debug === true,
    warnings: retired.warnings,
  };
}

/** Up to 0.4 the environment stood where the configuration stands today. */
function unfitConfiguration(path: string | undefined): Problem[] {
  if (!path || !/\.(x86_64|x86|exe|app)\/?$/i.test(path)) return [];
  return [{
    what: "a Unity build is no configuration",
    found: path,
    cure: `Name it with --env ${path}.`,
  }];
}

/** Commander's message, in which the second line may name a similar option. */
function translate(message: string): Problem[] {
  const [what, similar] = message.replace(/^error: /, "").split("\n");
  const cure = similar?.replace(/^\(|\)$/g, "");
  return [{ what, cure: cure ?? "Use --help to see all options." }];
}

/** From the words of a command line to a command as data. */
import { type Command, CommanderError, Option } from "commander";
import { z } from "zod";
import { ExitCode, type Problem, UserError } from "../errors.ts";
import { findingsOf } from "../settings/findings.ts";
import { type PlainMap, setAt } from "../settings/plain_maps.ts";
import { settingSchema } from "../settings/run_settings.ts";
import type { SettingsOverrides } from "../settings/setting_overrides.ts";
import { commandOptions, retiredOptions } from "./command_options.ts";
import {
  completeOption,
  describeProgram,
  isSwitch,
} from "./command_program.ts";

/** Train, resume or act: what is done without a verb. */
export interface TrainCommand {
  readonly kind: "train";
  /** The configuration file; without one every behavior takes the defaults. */
  readonly configPath?: string;
  /** What the options say, to be laid over the configuration. */
  readonly overrides: SettingsOverrides;
  /** `--debug`, known before a configuration is read. */
  readonly debug: boolean;
  readonly warnings: readonly Problem[];
}

/** Offer a built-in simulator to a trainer, as a Unity player does. */
export interface ServeCommand {
  readonly kind: "serve";
  /** `sim:NAME`. */
  readonly simulator: string;
  /** The trainer's port; the Editor's unless given. */
  readonly port: number;
  /** The other words, such as `-nographics`, that only players understand. */
  readonly args: readonly string[];
}

/** Text to print and be done. */
export interface TextCommand {
  readonly kind: "help" | "version";
  readonly text: string;
}

export type CommandLine = TrainCommand | ServeCommand | TextCommand;

/**
 * Reads the words after the program's name. Nothing is printed or opened.
 *
 * @throws {UserError} with exit code 2 for wrong usage.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  let parsed: CommandLine | undefined;
  let printed = "";
  const { program, serve } = describeProgram((text) => printed += text);
  const { words, envArgs } = splitWords(argv, program);
  program.action((configPath: string | undefined) => {
    parsed = readTrain(configPath, program, envArgs);
  });
  serve.action(() => {
    parsed = readServe(serve);
  });
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
 * Completes shortened options, and takes what follows `--env-args` out: it
 * belongs to the environment, word by word.
 */
function splitWords(argv: readonly string[], program: Command): {
  words: string[];
  envArgs?: string[];
} {
  if (argv[0] === "serve") return { words: [...argv] };
  const words = argv.map((word) => completeOption(word, program));
  const at = words.findIndex((word) => /^--env-args(=|$)/.test(word));
  if (at < 0) return { words };
  const joined = words[at].includes("=") ? [words[at].slice(11)] : [];
  return {
    words: words.slice(0, at),
    envArgs: [...joined, ...argv.slice(at + 1)],
  };
}

function readTrain(
  configPath: string | undefined,
  program: Command,
  envArgs: readonly string[] | undefined,
): TrainCommand {
  const values: PlainMap = program.opts();
  const problems: Problem[] = [];
  let run: PlainMap = {};
  let everyBehavior: PlainMap = {};
  for (const { flags, path, ...goal } of commandOptions) {
    const option = new Option(flags);
    const attribute = option.attributeName();
    if (program.getOptionValueSource(attribute) !== "cli") continue;
    const given = values[attribute];
    if (goal.everyBehavior) everyBehavior = setAt(everyBehavior, path, given);
    else if (isSwitch(flags)) {
      run = setAt(run, path, option.negate ? !given : given);
    } else {
      const { value, problem } = readValue(`${option.long}`, path, given);
      if (problem) problems.push(problem);
      run = setAt(run, path, value);
    }
  }
  if (problems.length > 0) throw wrongUsage(problems);
  if (envArgs) run = setAt(run, ["env_settings", "env_args"], envArgs);
  return {
    kind: "train",
    ...configPath === undefined ? {} : { configPath },
    overrides: { run, everyBehavior },
    debug: values.debug === true,
    warnings: Object.entries(retiredOptions)
      .filter(([flags]) => values[new Option(flags).attributeName()] === true)
      .map(([flags, what]) => ({ path: flags, what })),
  };
}

function readServe(serve: Command): ServeCommand {
  const [simulator, ...args] = serve.args;
  if (!simulator.startsWith("sim:")) {
    throw wrongUsage([{
      what: "only built-in simulators can be served",
      found: simulator,
      allowed: "sim:NAME, such as sim:3DBall",
    }]);
  }
  const given: PlainMap = serve.opts();
  const { value, problem } = readValue(
    "--mlagents-port",
    ["env_settings", "base_port"],
    given.mlagentsPort,
  );
  if (problem) throw wrongUsage([problem]);
  return { kind: "serve", simulator, port: Number(value), args };
}

/** An option's argument, read by the schema of the setting it stands for. */
function readValue(option: string, path: readonly string[], given: unknown): {
  value?: unknown;
  problem?: Problem;
} {
  const result = z.safeParse(settingSchema(path), given);
  if (result.success) return { value: result.data };
  const [{ path: _, ...finding }] = findingsOf(result.error, given);
  return { problem: { ...finding, path: option } };
}

/** Commander's message, in which the second line may name a similar option. */
function translate(message: string): Problem[] {
  const [what, similar] = message.replace(/^error: /, "").split("\n");
  const cure = similar?.replace(/^\(|\)$/g, "");
  return [{ what, cure: cure ?? "Use --help to see all options." }];
}

function wrongUsage(problems: readonly Problem[]): UserError {
  return new UserError(problems, { exitCode: ExitCode.usage });
}

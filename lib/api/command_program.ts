/** The command line as commander knows it: names, help and nothing done. */
import { Command, InvalidArgumentError, Option } from "commander";
import { optionGroups } from "./command_options.ts";
import { retiredOptions } from "./retired_options.ts";
import { allVerbs, type VerbCommand } from "./verbs/all_verbs.ts";
import type { Verb } from "./verbs/verb.ts";
import { version } from "./version.ts";

/** The program as commander has it, and its verbs with what reads them. */
export interface DescribedProgram {
  readonly program: Command;
  readonly verbs: readonly (readonly [Verb<VerbCommand>, Command])[];
}

/** The program and its verbs, without actions and without output of its own. */
export function describeProgram(
  print: (text: string) => void,
): DescribedProgram {
  const program = new Command("cli.ts")
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      // Text to be printed later; asking the environment takes a permission.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({
      helpWidth: 80,
      minWidthToWrap: 30,
      subcommandTerm: (command) => command.name(),
    })
    .enablePositionalOptions()
    .description("Trains the agents of Unity players and of simulators.")
    .argument("[configuration]", "YAML file; without one all is default")
    .version(version, "--version", "show the version")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", epilogue);
  for (const { heading, options } of optionGroups) {
    for (const { flags, help } of options) {
      const option = new Option(flags, help).helpGroup(heading);
      if (!isSwitch(flags)) option.argParser(refuseOption);
      program.addOption(option);
      if (!isSwitch(flags)) continue;
      program.addOption(new Option(oppositeOf(flags)).hideHelp());
    }
  }
  program.addOption(
    new Option(modelFlags, "with --inference: the model (.onnx) that acts")
      .helpGroup("Run:")
      .argParser((word, before: readonly string[] = []) => [
        ...before,
        refuseOption(word),
      ]),
  );
  program.addOption(
    new Option("--env-args <words...>", "all that follows goes to Unity")
      .helpGroup("Environment:"),
  );
  for (const { flags } of retiredOptions) {
    const option = new Option(flags).hideHelp();
    if (!isSwitch(flags)) option.argParser(refuseOption);
    program.addOption(option);
  }
  const verbs = allVerbs.map((verb) => [verb, verb.describe(program)] as const);
  return { program, verbs };
}

/** One for all behaviors, or several times `BEHAVIOR=FILE`. */
export const modelFlags = "--model <file>";

const epilogue = `
An option wins over the configuration file, and that over the default, which
stands in brackets. --no-resume and the like switch off what the file switches
on; --graphics does it for --no-graphics.

Examples:
  cli.ts config/3dball.yaml
  cli.ts config/3dball.yaml --run-id second --seed 7
  cli.ts config/3dball.yaml --resume
  cli.ts config/3dball.yaml --env builds/3DBall.x86_64 --no-graphics
  cli.ts --env sim:3DBall --inference --model 3DBall.onnx
  cli.ts explain config/3dball.yaml --seed 7
  cli.ts inspect results/ppo/3DBall.onnx
  cli.ts permissions config/3dball.yaml
  cli.ts upgrade trainer_config.yaml -o config/mine.yaml
  cli.ts schema -o config/schema.json
  cli.ts serve sim:3DBall --mlagents-port 5005`;

/** Whether an option stands alone, without an argument. */
export function isSwitch(flags: string): boolean {
  return !flags.includes("<");
}

/** `--no-resume` for `--resume`, `--graphics` for `--no-graphics`. */
function oppositeOf(flags: string): string {
  return flags.startsWith("--no-")
    ? flags.replace("--no-", "--")
    : flags.replace("--", "--no-");
}

/** Keeps `--run-id --resume` from naming a run "--resume". */
function refuseOption(argument: string): string {
  if (!argument.startsWith("--")) return argument;
  throw new InvalidArgumentError("It is an option itself.");
}

/**
 * Completes options that are cut short, as long as only one begins so; what is
 * unknown or ambiguous stays as it is.
 */
export function completeOption(word: string, program: Command): string {
  const [name, ...rest] = word.split("=");
  if (!name.startsWith("--") || name === "--") return word;
  if (program.options.some(({ long }) => long === name)) return word;
  const candidates = program.options
    .filter(({ long, hidden }) => !hidden && long?.startsWith(name))
    .map(({ long }) => long);
  return candidates.length === 1 ? [candidates[0], ...rest].join("=") : word;
}

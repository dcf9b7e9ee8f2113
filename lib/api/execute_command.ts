/** Carries out a command line; what it says goes through the given outputs. */
import {
  describeProblem,
  ExitCode,
  type Problem,
  UserError,
} from "../errors.ts";
import {
  configurationFiles,
  parseCommandLine,
  type TrainCommand,
} from "./command_line.ts";
import { wrongUsage } from "./usage.ts";

/** Where a command's words go. */
export interface CommandOutput {
  /** Results and progress. */
  readonly print: (text: string) => void;
  /** Errors and warnings. */
  readonly complain: (text: string) => void;
}

/** Runs the command and returns the exit code; nothing is thrown. */
export async function executeCommand(
  argv: readonly string[],
  output: CommandOutput,
): Promise<number> {
  let debug = argv.includes("--debug");
  try {
    const command = parseCommandLine(argv);
    switch (command.kind) {
      case "help":
      case "version":
        output.print(command.text.trimEnd());
        return 0;
      case "serve": {
        // The wire and the simulators load only where they are needed.
        const { serve } = await import("../env/player/serve.ts");
        output.print(await serve(command));
        return 0;
      }
      case "upgrade": {
        const { upgradeFile } = await import("./upgrade_file.ts");
        await upgradeFile(command, output);
        return 0;
      }
      case "explain": {
        const { explainRun } = await import("./explain_run.ts");
        await explainRun(command, output);
        return 0;
      }
      case "inspect": {
        const { inspectFile } = await import("./inspect/inspect_file.ts");
        await inspectFile(command, output);
        return 0;
      }
      case "permissions": {
        const { printPermissions } = await import("./print_permissions.ts");
        await printPermissions(command, output);
        return 0;
      }
      case "schema": {
        const { writeSchema } = await import("./write_schema.ts");
        await writeSchema(command, output);
        return 0;
      }
      case "train":
        debug = command.debug;
        return await train(command, argv, output);
    }
  } catch (error) {
    if (error instanceof UserError && !debug) {
      for (const problem of error.problems) {
        output.complain(`error: ${describeProblem(problem)}`);
      }
      return error.exitCode;
    }
    output.complain(describeUnexpected(error, debug));
    return error instanceof UserError ? error.exitCode : ExitCode.failure;
  }
}

/** An error that is ours to mend: short, unless the stack is asked for. */
function describeUnexpected(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) {
    const cause = error.cause instanceof Error ? `\n${error.cause.stack}` : "";
    return `error: ${error.stack}${cause}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `error: ${message}\n  This should not happen: please report it with ` +
    "what --debug prints.";
}

async function train(
  command: TrainCommand,
  argv: readonly string[],
  output: CommandOutput,
): Promise<number> {
  const complainOf = (problem: Problem) =>
    output.complain(`warning: ${describeProblem(problem)}`);
  command.warnings.forEach(complainOf);
  const { loadSettings } = await import("../settings/load_settings.ts");
  const { configPath, overrides, beside, models } = command;
  const resolved = await loadSettings(configPath, overrides, beside);
  const { inference, initialize_from, results_dir } =
    resolved.settings.checkpoint_settings;
  if (models && initialize_from !== null) {
    throw wrongUsage({
      path: "--model",
      what: "names a model to act with, and another run is to act, too",
      found: initialize_from,
      cure: "Leave out --model, or initialize_from.",
    });
  }
  if (models && !inference) {
    throw wrongUsage({
      path: "--model",
      what: "names a model to act with, and nothing says to act only",
      cure: "Add --inference; to learn from it, write it as init_path.",
    });
  }

  const { Console } = await import("../ui/console.ts");
  const { standardOutput } = await import("../ui/terminal.ts");
  const { beginActing } = await import("./begin_acting.ts");
  const { beginRun } = await import("./begin_run.ts");
  const console = new Console({
    terminal: standardOutput(),
    resultsDirectory: results_dir,
  });
  const stop = new AbortController();
  const onSignal = () => {
    // A second one means now.
    if (stop.signal.aborted) Deno.exit(ExitCode.interrupted);
    console.handle({
      type: "notice",
      level: "info",
      message: "Stopping after the present step; again to end at once.",
    });
    stop.abort(
      new UserError({ what: "stopped before the run began" }, {
        exitCode: ExitCode.interrupted,
      }),
    );
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  try {
    const common = { resolved, emit: console.handle, stop: stop.signal };
    const files = configurationFiles(command);
    const { reason } = models
      ? await beginActing({ ...common, models, episodes: null }, files)
      : await beginRun({ ...common, commandLine: argv.join(" ") }, files);
    return reason === "stopped" ? ExitCode.interrupted : 0;
  } finally {
    console.clear();
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  }
}

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
  const { configPath, overrides, beside } = command;
  const resolved = await loadSettings(configPath, overrides, beside);

  const { Console } = await import("../ui/console.ts");
  const { standardOutput } = await import("../ui/terminal.ts");
  const { beginRun } = await import("./begin_run.ts");
  const console = new Console({
    terminal: standardOutput(),
    resultsDirectory: resolved.settings.checkpoint_settings.results_dir,
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
    const { reason } = await beginRun({
      resolved,
      emit: console.handle,
      stop: stop.signal,
      commandLine: argv.join(" "),
    }, configurationFiles(command));
    return reason === "stopped" ? ExitCode.interrupted : 0;
  } finally {
    console.clear();
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
  }
}

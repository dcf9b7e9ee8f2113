/** What a player is told on its command line. */

/** How a player is to run. */
export interface PlayerArguments {
  readonly port: number;
  readonly noGraphics: boolean;
  /** Where the player is to write its log; null = wherever Unity does. */
  readonly logFile: string | null;
  /** The user's own arguments, passed on as they are. */
  readonly args: readonly string[];
}

/** The arguments in the order in which Unity's own trainer gives them. */
export function playerArguments(
  { port, noGraphics, logFile, args }: PlayerArguments,
): string[] {
  return [
    ...(noGraphics ? ["-nographics", "-batchmode"] : []),
    "--mlagents-port",
    String(port),
    ...(logFile && logOption(args) < 0 ? ["-logFile", logFile] : []),
    ...args,
  ];
}

/** Where the log is: a file that the user's arguments name comes first. */
export function chosenLogFile(
  { logFile, args }: PlayerArguments,
): string | null {
  const option = logOption(args);
  if (option < 0) return logFile;
  const path = args[option + 1] ?? "-";
  // A single dash is the standard output.
  return path.startsWith("-") ? null : path;
}

function logOption(args: readonly string[]): number {
  return args.findIndex((arg) => arg.toLowerCase() === "-logfile");
}

import { nearestName, UserError } from "../../errors.ts";
import type { Environment } from "../env.ts";
import { createSimulator, simulatorNames } from "../sims/registry.ts";
import { servePlayer } from "./player.ts";

/** In front of a built-in simulator's name, where a path could stand too. */
const PREFIX = "sim:";

/**
 * Plays a built-in simulator, such as `sim:3DBall`, as a Unity player with the
 * arguments that a trainer gives to one: it needs `--mlagents-port N` and
 * ignores all others. Resolves when the trainer has ended, or at once if there
 * is none, with a sentence that says which. Throws a UserError for an unknown
 * simulator and when the trainer breaks the protocol.
 */
export async function serve(
  name: string,
  args: readonly string[],
): Promise<string> {
  const createEnvironment = simulatorFactory(name);
  const port = findPort(args);
  if (port === null) {
    return "Connected to no trainer: --mlagents-port N is missing.";
  }
  const hasPlayed = await servePlayer({ port, createEnvironment });
  return hasPlayed
    ? "The trainer has ended the session."
    : `No trainer listens on port ${port}.`;
}

/**
 * How to make the simulator of a name with its `sim:`. Throws a UserError if
 * there is none.
 */
export function simulatorFactory(
  name: string,
): (seed: number, areaGroups: number) => Environment {
  const names = simulatorNames.map((known) => PREFIX + known);
  if (names.includes(name)) {
    return (seed, areaGroups) =>
      createSimulator(name.slice(PREFIX.length), { seed, areaGroups });
  }
  const nearest = nearestName(name, names) ?? nearestName(PREFIX + name, names);
  throw new UserError({
    what: "There is no such built-in simulator",
    found: `"${name}"`,
    allowed: names.join(", "),
    cure: nearest && `Did you mean ${nearest}?`,
  });
}

/** The last port named in the arguments; null if there is none. */
function findPort(args: readonly string[]): number | null {
  const at = args.lastIndexOf("--mlagents-port");
  const port = at < 0 ? NaN : Number(args[at + 1]);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : null;
}

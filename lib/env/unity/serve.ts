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
  if (!name.startsWith(PREFIX)) {
    const nearest = nearestName(PREFIX + name, simulatorNames.map(withPrefix));
    throw new UserError({
      what: "Only built-in simulators can be served",
      found: `"${name}"`,
      allowed: simulatorNames.map(withPrefix).join(", "),
      cure: nearest && `Did you mean ${nearest}?`,
    });
  }
  const createEnvironment = (seed: number, areaGroups: number): Environment =>
    createSimulator(name.slice(PREFIX.length), { seed, areaGroups });
  // An unknown name is an error even where no trainer is.
  await createEnvironment(0, 1).close();
  const port = findPort(args);
  if (port === null) {
    return "Connected to no trainer: --mlagents-port N is missing.";
  }
  const hasPlayed = await servePlayer({ port, createEnvironment });
  return hasPlayed
    ? "The trainer has ended the session."
    : `No trainer listens on port ${port}.`;
}

function withPrefix(name: string): string {
  return PREFIX + name;
}

/** The last port named in the arguments; null if there is none. */
function findPort(args: readonly string[]): number | null {
  const at = args.lastIndexOf("--mlagents-port");
  const port = at < 0 ? NaN : Number(args[at + 1]);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : null;
}

import { UserError } from "../../errors.ts";
import type { UnityEnvironmentOptions } from "./unity_environment_options.ts";

/** The port in the Editor's project settings. */
export const DEFAULT_EDITOR_PORT = 5004;
const DEFAULT_BASE_PORT = 5005;
export const LAST_PORT = 65_535;

/**
 * The port for a player: the Editor's own, or the base port plus the worker's
 * number. Throws a UserError if there can be no such port.
 */
export function choosePort({
  executable,
  workerId = 0,
  basePort = DEFAULT_BASE_PORT,
  editorPort = DEFAULT_EDITOR_PORT,
}: UnityEnvironmentOptions): number {
  if (executable === null && workerId !== 0) {
    throw new UserError({
      what: "The Unity Editor can be one environment only",
      found: `worker ${workerId}`,
      cure: "Use a build (--env) for more environments than one.",
    });
  }
  const port = executable === null ? editorPort : basePort + workerId;
  if (Number.isInteger(port) && port > 0 && port <= LAST_PORT) return port;
  throw new UserError({
    what: "A player cannot have this port",
    found: String(port),
    allowed: `1 to ${LAST_PORT}`,
    cure: "Choose another --base-port.",
  });
}

/** The addresses of this machine at which a player may look for a port. */
export function portAddresses(port: number): string[] {
  return [`127.0.0.1:${port}`, `[::1]:${port}`];
}

import { findPortBlock } from "../env/unity/find_port_block.ts";
import { UserError } from "../errors.ts";
import { EnvironmentPool } from "../train/environment_pool.ts";
import {
  livesHere,
  openEnvironment,
  type OpenEnvironmentOptions,
} from "./open_environment.ts";

export type OpenPoolOptions = Omit<
  OpenEnvironmentOptions,
  "workerId" | "basePort"
>;

/**
 * Opens all environments of a run: one for a built-in simulator, which has the
 * agents of all in itself, or the caller's own, or as many Unity players as are
 * wanted. Throws UserError when one cannot be had; then there is none.
 */
export async function openPool(
  options: OpenPoolOptions,
): Promise<EnvironmentPool> {
  const { settings, signal, environment: own } = options;
  const { env_settings: env } = settings;
  // A simulator does not crash, and the Editor is the user's to start.
  const isBuild = env.env_path !== null && !livesHere(settings, own);
  const count = isBuild ? env.num_envs : 1;
  if (own && env.num_envs > 1) throw cannotBeSeveral(env.num_envs);
  const onNotice = once(options.onNotice);
  // The Editor cannot be told of another port.
  const basePort = isBuild
    ? findPortBlock(env.base_port, count, onNotice)
    : env.base_port;
  return await EnvironmentPool.open({
    count,
    open: (workerId, signal) =>
      openEnvironment({ ...options, workerId, basePort, onNotice, signal }),
    lockstep: env.lockstep,
    restarts: isBuild
      ? {
        lifetime: env.max_lifetime_restarts,
        rate: env.restarts_rate_limit_n,
        periodSeconds: env.restarts_rate_limit_period_s,
      }
      : null,
    signal,
  });
}

function cannotBeSeveral(count: number): UserError {
  return new UserError({
    path: "env_settings.num_envs",
    what: "an environment of one's own is one, with any number of agents",
    found: String(count),
    allowed: "1",
  });
}

/** Players are of one kind: what one has said need not be said by others. */
function once(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    tell(message);
  };
}

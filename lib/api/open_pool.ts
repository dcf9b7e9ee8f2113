import { EnvironmentPool } from "../train/environment_pool.ts";
import {
  isSimulator,
  openEnvironment,
  type OpenEnvironmentOptions,
} from "./open_environment.ts";

export type OpenPoolOptions = Omit<OpenEnvironmentOptions, "workerId">;

/**
 * Opens all environments of a run: one for a built-in simulator, which has the
 * agents of all in itself, or as many Unity players as are wanted. Throws
 * UserError when one cannot be had; then there is none.
 */
export async function openPool(
  options: OpenPoolOptions,
): Promise<EnvironmentPool> {
  const { settings, signal } = options;
  const { env_settings: env } = settings;
  // A simulator does not crash, and the Editor is the user's to start.
  const isBuild = env.env_path !== null && !isSimulator(settings);
  return await EnvironmentPool.open({
    count: isBuild ? env.num_envs : 1,
    open: (workerId, signal) =>
      openEnvironment({ ...options, workerId, signal }),
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

/** Opens one environment of the world that a configuration names. */
import type { Environment, EnvironmentParameter } from "../env/env.ts";
import { createSimulator } from "../env/sims/registry.ts";
import type { EnvironmentSource } from "../env/wrappers/environment_source.ts";
import { UnityEnvironment } from "../env/unity/unity_environment.ts";
import {
  type EnvironmentParameters,
  type Sampler,
  seedSamplers,
} from "../settings/environment_parameters.ts";
import type { RunSettings } from "../settings/run_settings.ts";

const simulatorPrefix = "sim:";

export interface OpenEnvironmentOptions {
  readonly settings: RunSettings;
  /** Where the agents live, whatever the settings say. */
  readonly environment?: EnvironmentSource;
  /** The run's seed, already drawn. */
  readonly seed: number;
  /** Number of the environment among all that run side by side. */
  readonly workerId: number;
  /** The port of the first player. */
  readonly basePort: number;
  /** For the players' logs; null = they keep them where they like. */
  readonly logDirectory: string | null;
  readonly onNotice: (message: string) => void;
  /** Is told what the user has to do, and that it is waited for. */
  readonly onWaiting: (message: string) => void;
  readonly signal: AbortSignal;
}

/** True for environments that live in this process. */
export function livesHere(
  settings: RunSettings,
  environment: EnvironmentSource | undefined,
): boolean {
  const { env_path } = settings.env_settings;
  return environment !== undefined ||
    (env_path?.startsWith(simulatorPrefix) ?? false);
}

/**
 * The given environment, or else a simulator for `sim:NAME`, a Unity build for
 * any other path, the Editor for none. Throws UserError when it cannot be had.
 */
export async function openEnvironment(
  options: OpenEnvironmentOptions,
): Promise<Environment> {
  const { settings, seed, workerId } = options;
  const environment = await open(options);
  const parameters = seedSamplers(
    settings.environment_parameters,
    seed,
    workerId,
  );
  if (Object.keys(parameters).length > 0) {
    try {
      environment.setParameters(firstLessons(parameters));
    } catch (error) {
      await environment.close();
      throw error;
    }
  }
  return environment;
}

async function open(options: OpenEnvironmentOptions): Promise<Environment> {
  const { settings, seed, workerId, logDirectory, onNotice } = options;
  const { environment: own } = options;
  if (own) return typeof own === "function" ? await own(seed) : own;
  const { env_settings: env, engine_settings: engine } = settings;
  const path = env.env_path;
  if (path?.startsWith(simulatorPrefix)) {
    return createSimulator(path.slice(simulatorPrefix.length), {
      seed,
      areaGroups: env.num_envs,
    });
  }
  const environment = await UnityEnvironment.start({
    executable: path,
    args: env.env_args ?? [],
    workerId,
    basePort: options.basePort,
    seed: (seed + workerId) % 2 ** 31,
    timeoutWait: env.timeout_wait,
    noGraphics: engine.no_graphics ||
      (engine.no_graphics_monitor && workerId > 0),
    numAreas: env.num_areas,
    engine: {
      width: engine.width,
      height: engine.height,
      qualityLevel: engine.quality_level,
      timeScale: engine.time_scale,
      targetFrameRate: engine.target_frame_rate,
      captureFrameRate: engine.capture_frame_rate,
    },
    onNotice,
    onWaiting: options.onWaiting,
    signal: options.signal,
    ...(logDirectory !== null && { logDirectory }),
  });
  if (workerId === 0) {
    // Players that are started together are of one kind.
    const { package: version, communication } = environment.versions;
    onNotice(
      `Connected to the Unity ${path === null ? "Editor" : "player"}: ` +
        `ML-Agents package ${version}, protocol ${communication}.`,
    );
  }
  return environment;
}

/** What each parameter starts with. */
function firstLessons(
  parameters: EnvironmentParameters,
): Record<string, EnvironmentParameter> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { curriculum: [first] }]) => [
      name,
      toParameter(first.value),
    ]),
  );
}

function toParameter(sampler: Sampler): EnvironmentParameter {
  switch (sampler.sampler_type) {
    case "constant":
      return sampler.sampler_parameters.value;
    case "uniform": {
      const { min_value, max_value, seed } = sampler.sampler_parameters;
      return { kind: "uniform", min: min_value, max: max_value, seed };
    }
    case "gaussian": {
      const { mean, st_dev, seed } = sampler.sampler_parameters;
      return { kind: "gaussian", mean, stDev: st_dev, seed };
    }
    case "multirangeuniform": {
      const { intervals, seed } = sampler.sampler_parameters;
      return { kind: "multirangeuniform", intervals, seed };
    }
  }
}

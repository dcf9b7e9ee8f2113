/** `env_settings` and `engine_settings`: the world and how it is shown. */
import { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { count, flag, real, reject, section, text } from "./values.ts";

const lastPort = 65535;

/** User form and resolved form of `env_settings`. */
export const environmentSettings = section({
  /** A Unity build, `sim:NAME` for a built-in one, null for the Editor. */
  env_path: text("the path of a Unity build, or sim:NAME").nullable()
    .default(null),
  /** Further arguments of the Unity build. */
  env_args: z.array(text("a text; put it in quotes"), {
    error: "a list of texts, such as [--level, hard]",
  }).nullable().default(null),
  /** Port of the first environment; the next ones count up. */
  base_port: count({ min: 1, max: lastPort }).default(5005),
  num_envs: count({ min: 1, max: 10_000, unit: "environments" }).default(1),
  num_areas: count({ min: 1, max: 10_000, unit: "areas" }).default(1),
  /** Longest silence of an environment. */
  timeout_wait: count({ min: 1, unit: "seconds" }).default(60),
  /** -1 draws a seed. */
  seed: count({ min: -1, max: 2 ** 31 - 1 }).default(-1),
  /** Restarts of one environment in a run; -1 = no limit. */
  max_lifetime_restarts: count({ min: -1, unit: "restarts" }).default(10),
  /** Restarts within the period below; -1 = no limit. */
  restarts_rate_limit_n: count({ min: -1, unit: "restarts" }).default(1),
  restarts_rate_limit_period_s: count({ min: 1, unit: "seconds" }).default(60),
}).superRefine((settings, context) => {
  if (settings.num_envs > 1 && settings.env_path === null) {
    reject(context, {
      path: ["num_envs"],
      what: "the Unity Editor is one environment only",
      allowed: "1, or more with an env_path (--env)",
    });
  }
  if (settings.base_port + settings.num_envs - 1 > lastPort) {
    reject(context, {
      path: ["base_port"],
      what: "the last environment's port would lie beyond the last port",
      allowed: `${lastPort - settings.num_envs + 1} or less`,
    });
  }
});

const pixels = count({ min: 1, max: 16384, unit: "pixels" });

/** User form and resolved form of `engine_settings`. */
export const engineSettings = section({
  width: pixels.default(84),
  height: pixels.default(84),
  quality_level: count({ min: 0 }).default(5),
  /** How many times faster than real time Unity runs. */
  time_scale: real({ above: 0 }).default(20),
  /** Frames per second; -1 = as many as possible. */
  target_frame_rate: count({ min: -1, unit: "frames per second" }).default(-1),
  /** Frames per second of simulated time. */
  capture_frame_rate: count({ min: 0, unit: "frames per second" }).default(60),
  no_graphics: flag().default(false),
  /** Only the first environment draws. */
  no_graphics_monitor: flag().default(false),
});

export type EnvironmentSettings = DeepReadonly<
  z.output<typeof environmentSettings>
>;
export type EngineSettings = DeepReadonly<z.output<typeof engineSettings>>;

/** `env_settings` and `engine_settings`: the world and how it is shown. */
import { z } from "zod";
import type { DeepReadonly } from "../util/deep_freeze.ts";
import { count, flag, real, reject, section, text } from "./values.ts";

const lastPort = 65535;

/** User form and resolved form of `env_settings`. */
export const environmentSettings = section({
  env_path: text("the path of a Unity build, or sim:NAME").nullable()
    .default(null)
    .describe("A Unity build, sim:NAME for a built-in one, null = the Editor."),
  env_args: z.array(text("a text; put it in quotes"), {
    error: "a list of texts, such as [--level, hard]",
  }).nullable().default(null)
    .describe("Further arguments of the Unity build."),
  base_port: count({ min: 1, max: lastPort }).default(5005)
    .describe("Port of the first environment; the next ones count up."),
  num_envs: count({ min: 1, max: 10_000, unit: "environments" }).default(1)
    .describe("Environments side by side."),
  num_areas: count({ min: 1, max: 10_000, unit: "areas" }).default(1)
    .describe("Training areas in each environment."),
  timeout_wait: count({ min: 1, unit: "seconds" }).default(60)
    .describe("Longest silence of an environment."),
  seed: count({ min: -1, max: 2 ** 31 - 1 }).default(-1)
    .describe("Seed of all randomness; -1 draws one."),
  max_lifetime_restarts: count({ min: -1, unit: "restarts" }).default(10)
    .describe("Restarts of one environment in a run; -1 = no limit."),
  restarts_rate_limit_n: count({ min: -1, unit: "restarts" }).default(1)
    .describe("Restarts of one environment in the period; -1 = no limit."),
  restarts_rate_limit_period_s: count({ min: 1, unit: "seconds" }).default(60)
    .describe("The period of restarts_rate_limit_n."),
  lockstep: flag().default(false).describe(
    "Wait for all environments in each step: slower, and repeatable.",
  ),
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
  width: pixels.default(84).describe("Width of the window."),
  height: pixels.default(84).describe("Height of the window."),
  quality_level: count({ min: 0 }).default(5)
    .describe("Unity's quality level."),
  time_scale: real({ above: 0 }).default(20)
    .describe("How many times faster than real time Unity runs."),
  target_frame_rate: count({ min: -1, unit: "frames per second" }).default(-1)
    .describe("Frames of real time; -1 = as many as possible."),
  capture_frame_rate: count({ min: 0, unit: "frames per second" }).default(60)
    .describe("Frames of simulated time."),
  no_graphics: flag().default(false)
    .describe("Start Unity without a window."),
  no_graphics_monitor: flag().default(false)
    .describe("Only the first environment draws."),
});

export type EngineSettings = DeepReadonly<z.output<typeof engineSettings>>;

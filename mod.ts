/**
 * Train the agents of Unity ML-Agents games, and of built-in simulators.
 *
 * ```ts
 * const result = await train("config/3dball.yaml").seed(1).run();
 * ```
 */
export { train, TrainBuilder } from "./lib/api/train_builder.ts";
export type { ConfigurationSource } from "./lib/api/train_builder.ts";
export * from "./lib/api/setting_parts.ts";
export * from "./lib/api/parameter_parts.ts";
export { RunHandle } from "./lib/api/run_handle.ts";
export type { RunResult } from "./lib/api/run_handle.ts";
export type {
  RunConfiguration,
  RunSettings,
} from "./lib/settings/run_settings.ts";
export type {
  BehaviorConfiguration,
  BehaviorSettings,
} from "./lib/settings/behavior_settings.ts";
export type * from "./lib/events.ts";
export type * from "./lib/spec.ts";
export type * from "./lib/env/env.ts";
export { createSimulator, simulatorNames } from "./lib/env/sims/registry.ts";
export { UnityEnvironment } from "./lib/env/unity/unity_environment.ts";
export { describeProblem, UserError } from "./lib/errors.ts";
export type { Problem, SourcePlace } from "./lib/errors.ts";

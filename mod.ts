/**
 * Train the agents of Unity ML-Agents games, and of built-in simulators.
 *
 * ```ts
 * const result = await train("config/3dball.yaml").seed(1).run();
 * ```
 */
export { train, TrainBuilder } from "./lib/api/train_builder.ts";
export type { ConfigurationSource } from "./lib/api/train_builder.ts";
export { play, PlayBuilder } from "./lib/api/play_builder.ts";
export type { ModelSource } from "./lib/api/play_builder.ts";
export type { PlayResult } from "./lib/api/play_result.ts";
export type { PlayedEpisode } from "./lib/train/acting_agents.ts";
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
export * from "./lib/spec.ts";
export type * from "./lib/env/env.ts";
export { placeAction, randomActions, zeroActions } from "./lib/env/actions.ts";
export * from "./lib/env/agent_rows.ts";
export { checkActions, createAgentColumns } from "./lib/env/columns.ts";
export type { MutableAgentColumns } from "./lib/env/columns.ts";
export * from "./lib/env/environment_lost.ts";
export * from "./lib/env/sims/registry.ts";
export { UnityEnvironment } from "./lib/env/unity/unity_environment.ts";
export type * from "./lib/env/unity/unity_environment_options.ts";
export * from "./lib/env/unity/side_channels/engine_configuration.ts";
export * from "./lib/env/unity/side_channels/float_properties.ts";
export type { SideChannelMessage } from "./lib/env/unity/side_channels/framing.ts";
export * from "./lib/env/unity/side_channels/payload.ts";
export * from "./lib/env/unity/side_channels/raw_bytes.ts";
export * from "./lib/env/unity/side_channels/side_channel.ts";
export type { SideChannelOptions } from "./lib/env/unity/side_channels/side_channels.ts";
export * from "./lib/env/wrappers/aec_wrapper.ts";
export type * from "./lib/env/wrappers/agent_info.ts";
export type * from "./lib/env/wrappers/action_space.ts";
export type {
  EnvironmentSource,
  ResetOptions,
} from "./lib/env/wrappers/environment_source.ts";
export * from "./lib/env/wrappers/gymnasium_wrapper.ts";
export * from "./lib/env/wrappers/observation_view.ts";
export * from "./lib/env/wrappers/parallel_wrapper.ts";
export * from "./lib/env/wrappers/spaces.ts";
export { RandomGenerator } from "./lib/util/random.ts";
export { describeProblem, UserError } from "./lib/errors.ts";
export type { Problem, SourcePlace } from "./lib/errors.ts";

/**
 * Parts of a configuration, built with types. Each function takes the keys of
 * the YAML; a wrong one, or one of another trainer, does not compile.
 */
import type { BehaviorConfiguration } from "../settings/behavior_settings.ts";
import type { RunConfiguration } from "../settings/run_settings.ts";

type TrainerType = NonNullable<BehaviorConfiguration["trainer_type"]>;

/** What a user may write for a behavior with this trainer. */
type TrainerConfiguration<Type extends TrainerType> = Omit<
  Extract<BehaviorConfiguration, { trainer_type?: Type }>,
  "trainer_type"
>;

/** What is given under a key that may be left out, or be null. */
type Part<Whole, Key extends keyof Whole> = NonNullable<Whole[Key]>;

type Signals = Part<BehaviorConfiguration, "reward_signals">;
type Network = Part<BehaviorConfiguration, "network_settings">;

export type PpoConfiguration = TrainerConfiguration<"ppo">;
export type SacConfiguration = TrainerConfiguration<"sac">;
export type PocaConfiguration = TrainerConfiguration<"poca">;
export type ExtrinsicConfiguration = Part<Signals, "extrinsic">;
export type CuriosityConfiguration = Part<Signals, "curiosity">;
export type GailConfiguration = Part<Signals, "gail">;
export type RndConfiguration = Part<Signals, "rnd">;
export type BehavioralCloningConfiguration = Part<
  BehaviorConfiguration,
  "behavioral_cloning"
>;
export type SelfPlayConfiguration = Part<BehaviorConfiguration, "self_play">;
export type MemoryConfiguration = Part<Network, "memory">;
export type EngineConfiguration = Part<RunConfiguration, "engine_settings">;

/** A behavior that learns by proximal policy optimization. */
export function ppo(settings: PpoConfiguration = {}): BehaviorConfiguration {
  return { trainer_type: "ppo", ...settings };
}

/** A behavior that learns by soft actor-critic. */
export function sac(settings: SacConfiguration = {}): BehaviorConfiguration {
  return { trainer_type: "sac", ...settings };
}

/** A behavior whose agents learn as groups, by MA-POCA. */
export function poca(settings: PocaConfiguration = {}): BehaviorConfiguration {
  return { trainer_type: "poca", ...settings };
}

/** The environment's own reward, for `reward_signals.extrinsic`. */
export function extrinsic(
  settings: ExtrinsicConfiguration = {},
): ExtrinsicConfiguration {
  return settings;
}

/** Reward for surprise, for `reward_signals.curiosity`. */
export function curiosity(
  settings: CuriosityConfiguration = {},
): CuriosityConfiguration {
  return settings;
}

/** Reward for looking like demonstrations, for `reward_signals.gail`. */
export function gail(settings: GailConfiguration): GailConfiguration {
  return settings;
}

/** Reward for novelty, for `reward_signals.rnd`. */
export function rnd(settings: RndConfiguration = {}): RndConfiguration {
  return settings;
}

/** Imitation of demonstrations, for `behavioral_cloning`. */
export function behavioralCloning(
  settings: BehavioralCloningConfiguration,
): BehavioralCloningConfiguration {
  return settings;
}

/** Training against earlier selves, for `self_play`. */
export function selfPlay(
  settings: SelfPlayConfiguration = {},
): SelfPlayConfiguration {
  return settings;
}

/** A recurrent network, for `network_settings.memory`. */
export function memory(
  settings: MemoryConfiguration = {},
): MemoryConfiguration {
  return settings;
}

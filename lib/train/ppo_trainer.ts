import { PpoNetworks } from "../algo/ppo_networks.ts";
import { OnPolicyTrainer } from "./on_policy_trainer.ts";
import { PpoLearner } from "./ppo_learner.ts";
import { signalsOf } from "./signal_settings.ts";
import type { SettingsOf, TrainerOptions } from "./trainer.ts";

/** Trains a behavior with PPO. */
export function createPpoTrainer(
  options: TrainerOptions<SettingsOf<"ppo">>,
): OnPolicyTrainer {
  const { settings, spec, runtime, timers } = options;
  const { hyperparameters, max_steps: maxSteps } = settings;
  const signals = signalsOf(settings);
  const networks = new PpoNetworks({
    ...settings.network_settings,
    spec,
    signals: signals.length,
    sharedCritic: hyperparameters.shared_critic,
  });
  return OnPolicyTrainer.create(options, {
    networks,
    createLearner: (weights, random) =>
      PpoLearner.create(
        runtime,
        networks,
        { hyperparameters, signals, maxSteps },
        weights,
        random,
        timers,
      ),
  });
}

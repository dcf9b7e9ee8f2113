import { PocaNetworks } from "../algo/poca_networks.ts";
import { OnPolicyTrainer } from "./on_policy_trainer.ts";
import { PocaLearner } from "./poca_learner.ts";
import { signalsOf } from "./signal_settings.ts";
import type { SettingsOf, TrainerOptions } from "./trainer.ts";

/**
 * Trains a behavior with MA-POCA. Throws UserError when the networks cannot be
 * made.
 */
export function createPocaTrainer(
  options: TrainerOptions<SettingsOf<"poca">>,
): OnPolicyTrainer {
  const { settings, spec, runtime, timers } = options;
  const { hyperparameters, max_steps: maxSteps } = settings;
  const signals = signalsOf(settings);
  const networks = new PocaNetworks({
    ...settings.network_settings,
    spec,
    signals: signals.length,
  });
  return OnPolicyTrainer.create(options, {
    networks,
    hasGroups: true,
    createLearner: (weights, random) =>
      PocaLearner.create(
        runtime,
        networks,
        { hyperparameters, signals, maxSteps },
        weights,
        random,
        timers,
      ),
  });
}

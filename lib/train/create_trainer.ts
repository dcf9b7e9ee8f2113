/** The trainers by `trainer_type`. */
import { adviseOnGoals } from "./advise_on_goals.ts";
import { createPocaTrainer } from "./poca_trainer.ts";
import { createPpoTrainer } from "./ppo_trainer.ts";
import { SacTrainer } from "./sac_trainer.ts";
import type { Trainer, TrainerOptions } from "./trainer.ts";

/**
 * The trainer that the settings name. Throws UserError when its networks cannot
 * be made.
 */
export function createTrainer(options: TrainerOptions): Trainer {
  const { spec, settings, onNotice } = options;
  const advice = adviseOnGoals({ ...settings.network_settings, ...spec });
  if (advice !== undefined) onNotice(advice);
  switch (settings.trainer_type) {
    case "ppo":
      return createPpoTrainer({ ...options, settings });
    case "sac":
      return SacTrainer.create({ ...options, settings });
    case "poca":
      return createPocaTrainer({ ...options, settings });
  }
}

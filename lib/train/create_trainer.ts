/** The trainers by `trainer_type`. */
import { createPpoTrainer } from "./ppo_trainer.ts";
import { SacTrainer } from "./sac_trainer.ts";
import type { Trainer, TrainerOptions } from "./trainer.ts";

/** Compiles the programs of the algorithm that the settings name. */
export function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { settings } = options;
  switch (settings.trainer_type) {
    case "ppo":
      return createPpoTrainer({ ...options, settings });
    case "sac":
      return SacTrainer.create({ ...options, settings });
    case "poca":
      throw new TypeError(settings.trainer_type);
  }
}

import { UserError } from "../errors.ts";
import type { LoadedCheckpoint } from "../store/checkpoint_file.ts";

/**
 * Throws UserError when a checkpoint is of another algorithm than the one of
 * the behavior's settings: their networks differ.
 */
export function requireSameTrainer(
  checkpoint: Pick<LoadedCheckpoint, "path" | "trainerType">,
  behavior: string,
  trainerType: string,
): void {
  const { trainerType: trained = trainerType } = checkpoint;
  if (trained === trainerType) return;
  throw new UserError({
    place: { file: checkpoint.path },
    path: `behaviors.${behavior}.trainer_type`,
    what: "the checkpoint is of another algorithm",
    found: trainerType,
    allowed: trained,
    cure: "Write what is allowed: that is what the checkpoint was trained " +
      "with.",
  });
}

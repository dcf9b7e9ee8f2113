/** Imitation: `offline_bc`, and `pretraining` before it had today's name. */
import { type BehaviorDraft, partsOf, type Section } from "./behavior_draft.ts";
import { type Era, stepRemark } from "./era.ts";

const keys = [
  "demo_path",
  "steps",
  "strength",
  "samples_per_update",
  "num_epoch",
  "batch_size",
];

/** `pretraining` (0.9 to 0.12) and `behavioral_cloning` (from 0.13). */
export function convertCloning(
  section: Section,
  draft: BehaviorDraft,
  era: Era,
): void {
  const into = ["behavioral_cloning"];
  const given = section.get("behavioral_cloning") ?? section.get("pretraining");
  if (!given) return;
  if (section.has("behavioral_cloning")) {
    const why = "without effect beside behavioral_cloning";
    draft.drop(section, ["pretraining"], why);
  }
  const parts = partsOf(given);
  if (!parts || parts.size === 0) return draft.put(into, given.value, [given]);
  draft.trace(into, given);
  for (const key of keys) {
    // No steps at all mean the same in every count.
    const counts = key === "steps" && parts.get(key)?.value !== 0;
    const remark = counts ? stepRemark(era) : undefined;
    draft.rename(parts, key, [...into, key], remark);
  }
}

/**
 * `trainer: offline_bc` (0.6 to 0.12) learned from demonstrations alone. The
 * nearest is PPO with cloning at full strength, and nothing else to learn from.
 */
export function convertOfflineTrainer(
  section: Section,
  draft: BehaviorDraft,
): void {
  const trainer = section.get("trainer");
  draft.put(
    ["trainer_type"],
    "ppo",
    trainer ? [trainer] : [],
    "with behavioral_cloning, the nearest to learning from demonstrations alone",
  );
  const hyperparameters = ["hyperparameters"];
  draft.move(section, ["batch_size", "learning_rate"], hyperparameters);
  draft.add([...hyperparameters, "beta"], 0, "nothing but imitation");
  draft.add([...hyperparameters, "beta_schedule"], "constant", "to keep beta");
  draft.add(
    ["reward_signals", "extrinsic", "strength"],
    0,
    "nothing but imitation",
  );
  const into = ["behavioral_cloning"];
  draft.rename(section, "demo_path", [...into, "demo_path"]);
  draft.add([...into, "steps"], 0, "imitation went on all along");
  draft.add([...into, "strength"], 1, "at the trainer's own learning rate");
  draft.drop(
    section,
    ["batches_per_epoch"],
    "an update passes through all demonstrations; " +
      "behavioral_cloning.samples_per_update limits it",
    "lost",
  );
}

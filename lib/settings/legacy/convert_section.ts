/** From a trainer section (0.3 to 0.16) to a behavior of today. */
import { BehaviorDraft, partsOf, type Section } from "./behavior_draft.ts";
import type { Origin } from "./configuration_file.ts";
import { convertCloning, convertOfflineTrainer } from "./convert_cloning.ts";
import { convertRewards } from "./convert_rewards.ts";
import { convertUpdateRate, updateRateKeys } from "./convert_update_rate.ts";
import { type Era, stepRemark } from "./era.ts";

const network = ["normalize", "hidden_units", "num_layers", "vis_encode_type"];

const ppoHyperparameters = [
  "batch_size",
  "buffer_size",
  "learning_rate",
  "beta",
  "epsilon",
  "lambd",
  "num_epoch",
  "learning_rate_schedule",
];

const sacHyperparameters = [
  "learning_rate",
  "learning_rate_schedule",
  "batch_size",
  "buffer_size",
  "buffer_init_steps",
  "tau",
  "save_replay_buffer",
  "init_entcoef",
];

const onlyPpo = ppoHyperparameters.filter((key) =>
  !sacHyperparameters.includes(key)
);
const onlySac = sacHyperparameters.concat(updateRateKeys)
  .filter((key) => !ppoHyperparameters.includes(key));

const anyTrainer = [
  "batch_size",
  "learning_rate",
  "hidden_units",
  "num_layers",
  "max_steps",
  "summary_freq",
];
const byReward = ["buffer_size", "normalize", "time_horizon"];

/** What a section had to hold, `default` included, by trainer. */
const mandatory: Readonly<Record<string, readonly string[]>> = {
  ppo: [...anyTrainer, ...byReward, "beta", "epsilon", "lambd", "num_epoch"],
  sac: [...anyTrainer, ...byReward, "buffer_init_steps", "tau", "init_entcoef"],
  offline_bc: [...anyTrainer, "demo_path"],
};

/** The trainers that learned from a player who was playing meanwhile. */
export function isLiveImitation(section: Section): boolean {
  const trainer = trainerOf(section);
  return trainer === "imitation" || trainer === "online_bc";
}

/** The behavior that trains as the section did; `whole` is its own origin. */
export function convertSection(
  section: Section,
  whole: Origin,
  era: Era,
): BehaviorDraft {
  const draft = new BehaviorDraft();
  const trainer = trainerOf(section);
  if (trainer === "offline_bc") convertOfflineTrainer(section, draft);
  else convertTrainer(section, trainer, draft, era);
  draft.move(section, network, ["network_settings"]);
  draft.drop(section, ["vis_encoder_type"], "it was never read");
  convertMemory(section, draft, era);
  if (trainer !== "offline_bc") {
    convertRewards(section, draft);
    draft.move(section, ["init_path", "keep_checkpoints"], []);
  }
  draft.rename(section, "max_steps", ["max_steps"], stepRemark(era));
  draft.rename(section, "time_horizon", ["time_horizon"]);
  draft.rename(section, "summary_freq", ["summary_freq"], stepRemark(era));
  draft.rename(section, "threaded", ["threaded"]);
  if (era.since === 16 && !section.has("threaded")) {
    draft.add(["threaded"], true, "the default of 0.16");
  }
  convertSelfPlay(section, draft);
  if (trainer !== "offline_bc") convertCloning(section, draft, era);
  draft.drop(
    section,
    ["summary_path", "model_path", "graph_scope"],
    "the program wrote it for itself",
  );
  noteMissing(section, trainer, whole, draft);
  return draft;
}

/** The section's trainer; what is no text is left to the reader. */
function trainerOf(section: Section): string {
  const trainer = section.get("trainer")?.value;
  return typeof trainer === "string" ? trainer : "ppo";
}

function convertTrainer(
  section: Section,
  trainer: string,
  draft: BehaviorDraft,
  era: Era,
): void {
  const into = ["hyperparameters"];
  draft.rename(section, "trainer", ["trainer_type"]);
  if (!section.has("trainer")) {
    draft.add(["trainer_type"], "ppo", "no trainer is named");
  }
  if (trainer === "sac") {
    draft.move(section, sacHyperparameters, into);
    convertUpdateRate(section, draft, era);
    draft.drop(section, onlyPpo, "SAC does not have it");
    return;
  }
  draft.move(section, ppoHyperparameters, into);
  draft.add([...into, "beta_schedule"], "linear", "beta always fell so");
  draft.add([...into, "epsilon_schedule"], "linear", "epsilon always fell so");
  draft.drop(section, onlySac, "PPO does not have it");
}

function convertMemory(section: Section, draft: BehaviorDraft, era: Era): void {
  const path = ["network_settings", "memory"];
  const sizes = ["sequence_length", "memory_size"];
  const use = section.get("use_recurrent");
  if (!use?.value) {
    if (use) draft.reset(path, use);
    draft.drop(section, ["use_recurrent"], "there is no memory unless written");
    draft.drop(section, sizes, "without effect, as there is no memory");
    return;
  }
  draft.trace(path, use);
  if (!sizes.some((key) => section.has(key))) draft.put(path, {}, [use]);
  draft.rename(section, "sequence_length", [...path, "sequence_length"]);
  draft.rename(
    section,
    "memory_size",
    [...path, "memory_size"],
    era.since >= 15 || trainerOf(section) !== "ppo"
      ? undefined
      : "up to 0.14 actor and critic shared it if actions were continuous: " +
        "write half then",
  );
}

function convertSelfPlay(section: Section, draft: BehaviorDraft): void {
  const given = section.get("self_play");
  if (!given) return;
  const parts = partsOf(given);
  if (!parts) return draft.put(["self_play"], given.value, [given]);
  const into = ["self_play"];
  draft.trace(into, given);
  draft.move(parts, ["save_steps", "team_change"], into);
  if (!parts.has("team_change")) {
    const why = "the default of 0.16; before, one team learned all along";
    draft.add([...into, "team_change"], 100_000, why);
  }
  draft.move(parts, ["swap_steps"], into);
  if (!parts.has("swap_steps")) {
    draft.add([...into, "swap_steps"], 20_000, "the default up to 0.16");
  }
  const ratio = "play_against_latest_model_ratio";
  draft.move(parts, ["window", ratio], into);
  const old = "play_against_current_self_ratio";
  if (!parts.has(ratio)) draft.rename(parts, old, [...into, ratio]);
  else draft.drop(parts, [old], `without effect beside ${ratio}`);
  draft.move(parts, ["initial_elo"], into);
}

/** Says for which settings, once mandatory, today's defaults step in. */
function noteMissing(
  section: Section,
  trainer: string,
  whole: Origin,
  draft: BehaviorDraft,
): void {
  const needed = Object.hasOwn(mandatory, trainer) ? mandatory[trainer] : [];
  const missing = needed.filter((key) => !section.has(key));
  if (missing.length === 0) return;
  draft.fates.push({
    kind: "noted",
    origin: whole,
    why: "today's defaults take effect for what is missing although it was " +
      `mandatory: ${missing.join(", ")}`,
  });
}

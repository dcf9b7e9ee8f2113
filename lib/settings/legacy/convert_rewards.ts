/** Rewards: one `gamma` and curiosity up to 0.8, reward signals from 0.9. */
import { type BehaviorDraft, partsOf, type Section } from "./behavior_draft.ts";

/** The width of a signal's network where none was written, up to 0.16. */
const defaultWidth: Readonly<Record<string, number>> = {
  curiosity: 128,
  gail: 64,
};

const curiosityKeys = ["curiosity_strength", "curiosity_enc_size"];

/** Writes `reward_signals` of a behavior. */
export function convertRewards(section: Section, draft: BehaviorDraft): void {
  const given = section.get("reward_signals");
  if (!given) return convertEarlyRewards(section, draft);
  draft.drop(
    section,
    ["gamma", "use_curiosity", ...curiosityKeys],
    "without effect beside reward_signals",
  );
  const signals = partsOf(given);
  if (!signals) return draft.put(["reward_signals"], given.value, [given]);
  draft.trace(["reward_signals"], given);
  const rates = [
    "reward_signal_num_update",
    "reward_signal_steps_per_update",
  ];
  draft.drop(signals, rates, "it belongs to SAC, which is not the trainer");
  const names = [...signals.keys()].filter((name) => !rates.includes(name));
  if (names.length === 0) draft.put(["reward_signals"], {}, [given]);
  for (const name of names) convertSignal(signals, name, draft);
}

function convertSignal(
  signals: Section,
  name: string,
  draft: BehaviorDraft,
): void {
  const given = signals.get(name);
  if (!given) return;
  const path = ["reward_signals", name];
  const signal = partsOf(given);
  if (!signal) return draft.put(path, given.value, [given]);
  draft.trace(path, given);
  if (signal.size === 0) draft.put(path, {}, [given]);
  draft.move(signal, ["gamma", "strength"], path);
  const width = [...path, "network_settings", "hidden_units"];
  if (name !== "extrinsic") draft.rename(signal, "encoding_size", width);
  if (Object.hasOwn(defaultWidth, name) && !signal.has("encoding_size")) {
    draft.add(width, defaultWidth[name], "the default of encoding_size then");
  }
  draft.move(
    signal,
    ["learning_rate", "use_actions", "use_vail", "demo_path"],
    path,
  );
}

/** 0.3 to 0.8: the environment's reward, and curiosity from 0.4. */
function convertEarlyRewards(section: Section, draft: BehaviorDraft): void {
  const extrinsic = ["reward_signals", "extrinsic"];
  draft.rename(section, "gamma", [...extrinsic, "gamma"]);
  if (section.has("gamma")) {
    draft.add([...extrinsic, "strength"], 1, "the environment's own reward");
  } else {
    draft.add(extrinsic, {}, "the environment's own reward");
  }
  const use = section.get("use_curiosity");
  if (!use?.value) {
    const why = "without effect, as there is no curiosity";
    draft.drop(section, curiosityKeys, why);
    draft.drop(
      section,
      ["use_curiosity"],
      "there is no curiosity unless written",
    );
    return;
  }
  const curiosity = ["reward_signals", "curiosity"];
  draft.trace(curiosity, use);
  draft.rename(section, "gamma", [...curiosity, "gamma"]);
  draft.rename(
    section,
    "curiosity_strength",
    [...curiosity, "strength"],
    "its reward was clipped to 0..1, and is not any more",
  );
  draft.rename(
    section,
    "curiosity_enc_size",
    [...curiosity, "network_settings", "hidden_units"],
  );
  if (curiosityKeys.some((key) => section.has(key))) return;
  draft.put(curiosity, {}, [use]);
}

/** How often SAC updated its networks, in all spellings of 0.10 to 0.16. */
import {
  type BehaviorDraft,
  partsOf,
  type Section,
  type SectionValue,
} from "./behavior_draft.ts";
import type { Era } from "./era.ts";

const timesAgents = "was counted per environment: multiply by the number " +
  "of its agents";

/** The keys of a section that {@link convertUpdateRate} reads. */
export const updateRateKeys = [
  "num_update",
  "train_interval",
  "steps_per_update",
];

/**
 * Up to 0.15 there were `num_update` updates every `train_interval` steps of
 * the environment, 0.16 counts the steps of agents from one update to the
 * next. Rewards had a rate of their own, which followed unless written.
 */
export function convertUpdateRate(
  section: Section,
  draft: BehaviorDraft,
  era: Era,
): void {
  const signals = partsOf(section.get("reward_signals"));
  const interval = section.get("train_interval");
  const rates: Rate[] = [
    {
      to: "steps_per_update",
      steps: section.get("steps_per_update"),
      updates: section.get("num_update"),
    },
    {
      to: "reward_signal_steps_per_update",
      steps: signals?.get("reward_signal_steps_per_update"),
      updates: signals?.get("reward_signal_num_update"),
    },
  ];
  let followed: { value: unknown; from: SectionValue[] } | undefined;
  for (const { to, steps, updates } of rates) {
    const path = ["hyperparameters", to];
    if (steps) {
      draft.put(path, steps.value, [steps]);
      followed = { value: steps.value, from: [steps] };
      for (const stray of [updates, interval]) {
        if (!stray) continue;
        const why = `without effect beside ${to}`;
        draft.fates.push({ kind: "dropped", origin: stray.origin, why });
      }
    } else if (updates || interval && !followed) {
      const from = [interval, updates].filter((each) => each !== undefined);
      const value = ratio(interval?.value ?? 1, updates?.value ?? 1);
      draft.put(path, value, from, timesAgents);
      followed = { value, from };
    } else if (followed) {
      const own = followed.from.some((each) => each.own);
      const why = "rewards followed steps_per_update";
      draft.add(path, followed.value, why, own);
    } else {
      const why = "the default then" +
        (era.until < 16 ? `; ${timesAgents}` : "");
      draft.add(path, 1, why);
      followed = { value: 1, from: [] };
    }
  }
}

interface Rate {
  readonly to: string;
  readonly steps: SectionValue | undefined;
  readonly updates: SectionValue | undefined;
}

/** A quotient of numbers; what is no number stays for the reader to refuse. */
function ratio(steps: unknown, updates: unknown): unknown {
  if (!isNumeric(steps)) return steps;
  if (!isNumeric(updates)) return updates;
  return Number(steps) / Number(updates);
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" ||
    typeof value === "string" && value.trim() !== "" &&
      Number.isFinite(Number(value));
}

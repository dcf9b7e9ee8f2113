/** Which versions of ML-Agents a file can have been written for. */
import { isPlainMap, type PlainMap } from "../plain_maps.ts";

/** Versions 0.`since` to 0.`until`, both included. */
export interface Era {
  readonly since: number;
  readonly until: number;
}

/** The last version that read sections, which is release 1. */
const last = 16;

/** Settings and the versions that had them; `until` only where they ended. */
const evidence: Readonly<Record<string, Partial<Era>>> = {
  use_curiosity: { since: 4, until: 8 },
  curiosity_strength: { since: 4, until: 8 },
  curiosity_enc_size: { since: 4, until: 8 },
  brain_to_imitate: { until: 10 },
  batches_per_epoch: { until: 12 },
  reward_signals: { since: 9 },
  vis_encode_type: { since: 9 },
  pretraining: { since: 9, until: 12 },
  learning_rate_schedule: { since: 10 },
  tau: { since: 10 },
  init_entcoef: { since: 10 },
  buffer_init_steps: { since: 10 },
  num_update: { since: 10, until: 15 },
  train_interval: { since: 10, until: 15 },
  reward_signal_num_update: { since: 10, until: 15 },
  behavioral_cloning: { since: 13 },
  self_play: { since: 14 },
  play_against_current_self_ratio: { since: 14, until: 15 },
  burn_in_ratio: { since: 15 },
  steps_per_update: { since: 16 },
  reward_signal_steps_per_update: { since: 16 },
  play_against_latest_model_ratio: { since: 16 },
  team_change: { since: 16 },
  threaded: { since: 16 },
};

const trainers: Readonly<Record<string, Partial<Era>>> = {
  imitation: { since: 3, until: 5 },
  online_bc: { since: 6, until: 10 },
  offline_bc: { since: 6, until: 12 },
  sac: { since: 10 },
};

/** Where curricula and samplers stand beside the trainer configuration. */
export const companionEvidence = {
  jsonCurriculum: { until: 13 },
  yamlCurriculum: { since: 14 },
  sampler: { since: 9 },
} as const satisfies Record<string, Partial<Era>>;

/** The era of trainer sections, from the settings that stand in them. */
export function eraOf(
  sections: readonly PlainMap[],
  companions: readonly Partial<Era>[] = [],
): Era {
  const found = [...companions];
  for (const section of sections) {
    const { reward_signals, self_play, trainer } = section;
    for (const map of [section, reward_signals, self_play]) {
      for (const key of isPlainMap(map) ? Object.keys(map) : []) {
        if (Object.hasOwn(evidence, key)) found.push(evidence[key]);
      }
    }
    if (typeof trainer === "string" && Object.hasOwn(trainers, trainer)) {
      found.push(trainers[trainer]);
    }
  }
  const hasSignals = sections.some((each) => "reward_signals" in each);
  if (!hasSignals && sections.some((each) => "gamma" in each)) {
    found.push({ until: 8 });
  }
  const since = Math.max(3, ...found.map((each) => each.since ?? 0));
  // Settings of before stayed in files although nothing read them any more.
  const ends = found.map((each) => each.until ?? last)
    .filter((until) => until >= since);
  return { since, until: Math.min(last, ...ends) };
}

/** `ML-Agents 0.4 to 0.8`. */
export function describeEra({ since, until }: Era): string {
  return since === until
    ? `ML-Agents 0.${since}`
    : `ML-Agents 0.${since} to 0.${until}`;
}

/** What to do about a number of steps, which were counted otherwise once. */
export function stepRemark({ since, until }: Era): string | undefined {
  if (since >= 14) return undefined;
  return until < 14
    ? "was counted per environment: multiply by the number of its agents"
    : "up to 0.13 it was counted per environment: multiply by the number of " +
      "its agents if the file is that old";
}

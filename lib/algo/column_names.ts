/** Names that programs and their callers share. */

/** A network with weights of its own: the first part of their names. */
export type NetworkName = string;

/** Columns of experience, and inputs of memories. */
export const columnNames = {
  observation: (sensor: number) => `obs_${sensor}`,
  continuous: "continuous",
  discrete: "discrete",
  mask: "mask",
  oldLogProbabilities: "old_log_probabilities",
  advantages: "advantages",
  returns: "returns",
  oldValues: "old_values",
  oldBaselines: "old_baselines",
  mates: "mates",
  /** What followed a decision. */
  nextObservation: (sensor: number) => `next_obs_${sensor}`,
  rewards: "rewards",
  done: "done",
  /** 0 for padding. */
  rowMask: "row_mask",
  memory: (network: NetworkName) => `${network}.memory`,
} as const;

/** Inputs that hold the normaliser of a sensor. */
export const normalizerNames = {
  mean: (sensor: number) => `normalizer.${sensor}.mean`,
  scale: (sensor: number) => `normalizer.${sensor}.scale`,
} as const;

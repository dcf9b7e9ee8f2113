import { columnNames } from "../algo/column_names.ts";
import { sacNames, type SacNetworks } from "../algo/sac_networks.ts";
import type { ReplaySample } from "../data/replay_sample.ts";
import { branchTotal } from "../spec.ts";
import type { NamedArray, NamedArrays } from "../util/arrays.ts";
import type { SignalSettings } from "./signal_settings.ts";

/**
 * Sampled experience as the update program takes it, `[updates, batch, ...]`:
 * the environment's rewards as those of every signal, times its strength.
 */
export function sampledColumns(
  sample: ReplaySample,
  networks: SacNetworks,
  signals: readonly SignalSettings[],
  updates: number,
): NamedArrays {
  const columns: Record<string, NamedArray> = {};
  const batch = sample.rows / updates;
  const put = (name: string, data: Float32Array | Int32Array, width: number) =>
    columns[name] = { data, shape: [updates, batch, width] };
  const observed = sample.observations;
  observed.forEach((data, sensor) => {
    const width = data.length / sample.rows;
    put(columnNames.observation(sensor), data, width);
    const next = sample.nextObservations[sensor];
    put(columnNames.nextObservation(sensor), next, width);
  });
  const { continuousSize, discreteBranches } = networks.actions;
  if (continuousSize > 0) {
    put(columnNames.continuous, sample.continuous, continuousSize);
  }
  if (discreteBranches.length > 0) {
    put(columnNames.discrete, sample.discrete, discreteBranches.length);
    put(columnNames.mask, sample.mask, branchTotal(networks.actions));
  }
  const rewards = new Float32Array(sample.rows * signals.length);
  signals.forEach(({ strength }, k) =>
    sample.rewards.forEach((reward, row) =>
      rewards[row * signals.length + k] = strength * reward
    )
  );
  put(columnNames.rewards, rewards, signals.length);
  columns[columnNames.done] = { data: sample.done, shape: [updates, batch] };
  if (networks.memorySize === 0) return columns;
  columns[columnNames.rowMask] = {
    data: sample.rowMask,
    shape: [updates, batch],
  };
  networks.recurrent.forEach((network, i) => {
    columns[columnNames.memory(network)] = {
      data: sample.memories[i],
      shape: [updates, sample.sequences / updates, networks.memorySize],
    };
  });
  return columns;
}

/** Whole sequences as the program that judges states takes them. */
export function valuedColumns(
  sample: ReplaySample,
  networks: SacNetworks,
): NamedArrays {
  const { rows, sequences } = sample;
  const columns: Record<string, NamedArray> = {};
  sample.observations.forEach((data, sensor) => {
    columns[columnNames.observation(sensor)] = {
      data,
      shape: [rows, data.length / rows],
    };
  });
  columns[columnNames.memory(sacNames.value)] = {
    data: sample.memories[networks.recurrent.indexOf(sacNames.value)],
    shape: [sequences, networks.memorySize],
  };
  return columns;
}

/** Experience as the programs take it. */
import { columnNames } from "../algo/ppo_networks.ts";
import type { Rollout } from "../data/rollout.ts";
import { branchTotal } from "../spec.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";

/** Copies of the rows in use, `[rows, ...]` each: a run takes its feeds away. */
export function experienceColumns(
  rollout: Rollout,
): Record<string, NamedArray> {
  const { actionSpec } = rollout.spec;
  const { continuousSize, discreteBranches } = actionSpec;
  const { size } = rollout;
  const take = (column: Float32Array | Int32Array, width: number) => ({
    data: column.slice(0, size * width),
    shape: [size, width],
  });
  const columns: Record<string, NamedArray> = {};
  rollout.observationSizes.forEach((n, sensor) => {
    const name = columnNames.observation(sensor);
    columns[name] = take(rollout.observations[sensor], n);
  });
  if (continuousSize > 0) {
    columns[columnNames.continuous] = take(rollout.continuous, continuousSize);
  }
  const branches = discreteBranches.length;
  if (branches > 0) {
    columns[columnNames.discrete] = take(rollout.discrete, branches);
    columns[columnNames.mask] = take(rollout.mask, branchTotal(actionSpec));
  }
  return columns;
}

/**
 * The rows of every minibatch of every epoch, `[minibatches, batch_size]`:
 * each epoch shuffles anew and drops its remainder.
 */
export function minibatchRows(
  segments: readonly Segment[],
  settings: { readonly batch_size: number; readonly num_epoch: number },
  random: RandomGenerator,
): NamedArray<Int32Array> {
  const { batch_size, num_epoch } = settings;
  const order = Int32Array.from(segments.flatMap(({ rows }) => [...rows]));
  const perEpoch = Math.floor(order.length / batch_size);
  const used = perEpoch * batch_size;
  const data = new Int32Array(num_epoch * used);
  for (let epoch = 0; epoch < num_epoch; epoch++) {
    random.shuffle(order);
    data.set(order.subarray(0, used), epoch * used);
  }
  return { data, shape: [num_epoch * perEpoch, batch_size] };
}

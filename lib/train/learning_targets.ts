/** What a policy and its critic learn towards. */
import { columnNames } from "../algo/column_names.ts";
import { lambdaReturns, normalizeAdvantages } from "../algo/returns.ts";
import type { Rollout } from "../data/rollout.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { Segment } from "./collector.ts";
import type { SignalSettings } from "./signal_settings.ts";

export interface TargetsInput {
  readonly rollout: Rollout;
  readonly segments: readonly Segment[];
  /** Value estimates of all rows, `[rows, signals]`. */
  readonly values: NamedArray;
  /** What returns are compared with, where that is not the value. */
  readonly baselines?: NamedArray | undefined;
  readonly signals: readonly SignalSettings[];
  readonly lambda: number;
}

/**
 * Advantages `[rows]` (mean over signals, then normalised over all segments:
 * K-3) and returns `[rows, signals]`, 0 in rows of no segment.
 */
export function learningTargets(
  { rollout, segments, values, baselines, signals, lambda }: TargetsInput,
): Record<string, NamedArray> {
  const { size } = rollout;
  const count = signals.length;
  const returns = new Float32Array(size * count);
  const total = segments.reduce((sum, { rows }) => sum + rows.length, 0);
  const combined = new Float32Array(total);
  const compared = baselines ?? values;
  let start = 0;
  for (const { rows, bootstrapRow } of segments) {
    const own = new Float64Array(rows.length);
    signals.forEach(({ gamma, strength }, k) => {
      const at = (row: number) => row * count + k;
      const valueOf = (row: number) => Number(values.data[at(row)]);
      lambdaReturns({
        rewards: Float64Array.from(
          rows,
          (row) => strength * rollout.rewards[row],
        ),
        values: Float64Array.from(rows, valueOf),
        bootstrap: bootstrapRow < 0 ? 0 : valueOf(bootstrapRow),
        gamma,
        lambda,
      }, own);
      rows.forEach((row, t) => {
        returns[at(row)] = own[t];
        const advantage = own[t] - Number(compared.data[at(row)]);
        combined[start + t] += advantage / count;
      });
    });
    start += rows.length;
  }
  normalizeAdvantages(combined);
  const advantages = new Float32Array(size);
  let position = 0;
  for (const { rows } of segments) {
    for (const row of rows) advantages[row] = combined[position++];
  }
  return {
    [columnNames.advantages]: { data: advantages, shape: [size] },
    [columnNames.returns]: { data: returns, shape: [size, count] },
  };
}

/** Mean of estimates `[rows, signals]` over each segment, by signal. */
export function segmentMeans(
  { data, shape: [, count] }: NamedArray,
  segments: readonly Segment[],
): number[][] {
  return Array.from({ length: count }, (_, k) =>
    segments.map(({ rows }) => {
      let sum = 0;
      for (const row of rows) sum += Number(data[row * count + k]);
      return sum / rows.length;
    }));
}

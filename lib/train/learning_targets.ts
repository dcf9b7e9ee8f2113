/** What a policy and its critic learn towards. */
import { columnNames } from "../algo/column_names.ts";
import { generalizedAdvantage, normalizeAdvantages } from "../algo/returns.ts";
import type { Rollout } from "../data/rollout.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { Segment } from "./collector.ts";
import type { SignalSettings } from "./signal_settings.ts";

export interface TargetsInput {
  readonly rollout: Rollout;
  readonly segments: readonly Segment[];
  /** Value estimates of all rows, `[rows, signals]`. */
  readonly values: NamedArray;
  readonly signals: readonly SignalSettings[];
  readonly lambda: number;
}

export interface LearningTargets {
  /** Advantages `[rows]` and returns `[rows, signals]`, 0 in unused rows. */
  readonly columns: Record<string, NamedArray>;
  /** Mean value estimate of each segment, by signal. */
  readonly segmentValues: readonly (readonly number[])[];
}

/**
 * Advantages (mean over signals, then normalised over all segments: K-3) and
 * returns of the rows of finished segments.
 */
export function learningTargets(
  { rollout, segments, values, signals, lambda }: TargetsInput,
): LearningTargets {
  const { size } = rollout;
  const count = signals.length;
  const returns = new Float32Array(size * count);
  const total = segments.reduce((sum, { rows }) => sum + rows.length, 0);
  const combined = new Float32Array(total);
  const segmentValues: number[][] = signals.map(() => []);
  let start = 0;
  for (const { rows, bootstrapRow } of segments) {
    const advantages = new Float64Array(rows.length);
    signals.forEach(({ gamma, strength }, k) => {
      const valueOf = (row: number) => Number(values.data[row * count + k]);
      const own = Float64Array.from(rows, valueOf);
      generalizedAdvantage({
        rewards: Float64Array.from(
          rows,
          (row) => strength * rollout.rewards[row],
        ),
        values: own,
        bootstrap: bootstrapRow < 0 ? 0 : valueOf(bootstrapRow),
        gamma,
        lambda,
      }, advantages);
      let sum = 0;
      for (let t = 0; t < rows.length; t++) {
        returns[rows[t] * count + k] = advantages[t] + own[t];
        combined[start + t] += advantages[t] / count;
        sum += own[t];
      }
      segmentValues[k].push(sum / rows.length);
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
    columns: {
      [columnNames.advantages]: { data: advantages, shape: [size] },
      [columnNames.returns]: { data: returns, shape: [size, count] },
    },
    segmentValues,
  };
}

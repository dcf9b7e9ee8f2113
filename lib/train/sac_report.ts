import type { SignalSettings } from "./signal_settings.ts";
import { type Statistics, tags } from "./statistics.ts";
import { type NamedArray, vectorArray } from "../util/arrays.ts";

/** What updates did, for the statistics: means over them. */
export interface SacReport {
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly q1Loss: number;
  readonly q2Loss: number;
  readonly entropy: number;
  /** Weights of the entropy; null for kinds of actions that are not there. */
  readonly continuousTemperature: number | null;
  /** Mean over branches. */
  readonly discreteTemperature: number | null;
  /** Mean value of states, by signal. */
  readonly values: readonly number[];
  readonly learningRate: number;
}

/** Adds a report to the figures of the summary (reference 2.5). */
export function noteReport(
  report: SacReport,
  signals: readonly SignalSettings[],
  statistics: Statistics,
): void {
  signals.forEach(({ name }, k) =>
    statistics.add(tags.signalStateValue(name), report.values[k])
  );
  statistics.add(tags.entropy, report.entropy);
  statistics.add(tags.policyLoss, report.policyLoss);
  statistics.add(tags.valueLoss, report.valueLoss);
  statistics.add(tags.q1Loss, report.q1Loss);
  statistics.add(tags.q2Loss, report.q2Loss);
  if (report.discreteTemperature !== null) {
    statistics.add(tags.discreteTemperature, report.discreteTemperature);
  }
  if (report.continuousTemperature !== null) {
    statistics.add(tags.continuousTemperature, report.continuousTemperature);
  }
  statistics.add(tags.learningRate, report.learningRate);
}

/** A report, or none, as part of a state. */
export function reportArray(report: SacReport | null): NamedArray {
  if (!report) return vectorArray(new Float64Array(0));
  return vectorArray(Float64Array.of(
    report.policyLoss,
    report.valueLoss,
    report.q1Loss,
    report.q2Loss,
    report.entropy,
    report.continuousTemperature ?? NaN,
    report.discreteTemperature ?? NaN,
    report.learningRate,
    ...report.values,
  ));
}

/** What {@link reportArray} was made of. */
export function restoredReport({ data }: NamedArray): SacReport | null {
  if (data.length === 0) return null;
  const orNull = (value: number) => Number.isNaN(value) ? null : value;
  const [
    policyLoss,
    valueLoss,
    q1Loss,
    q2Loss,
    entropy,
    continuous,
    discrete,
    learningRate,
    ...values
  ] = Array.from(data, Number);
  return {
    policyLoss,
    valueLoss,
    q1Loss,
    q2Loss,
    entropy,
    continuousTemperature: orNull(continuous),
    discreteTemperature: orNull(discrete),
    learningRate,
    values,
  };
}

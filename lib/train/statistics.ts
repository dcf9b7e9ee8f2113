/** Figures gathered between two summaries. */
import type { StatisticSummary } from "../events.ts";
import { type NamedArrays, vectorArray } from "../util/arrays.ts";

export type Aggregation = StatisticSummary["aggregation"];

/** TensorBoard tags of the trainer's own figures (reference 2.5). */
export const tags = {
  cumulativeReward: "Environment/Cumulative Reward",
  groupReward: "Environment/Group Cumulative Reward",
  episodeLength: "Environment/Episode Length",
  entropy: "Policy/Entropy",
  learningRate: "Policy/Learning Rate",
  epsilon: "Policy/Epsilon",
  beta: "Policy/Beta",
  policyLoss: "Losses/Policy Loss",
  valueLoss: "Losses/Value Loss",
  baselineLoss: "Losses/Baseline Loss",
  q1Loss: "Losses/Q1 Loss",
  q2Loss: "Losses/Q2 Loss",
  discreteTemperature: "Policy/Discrete Entropy Coeff",
  continuousTemperature: "Policy/Continuous Entropy Coeff",
  signalReward: (signal: string) => `Policy/${capitalized(signal)} Reward`,
  signalValue: (signal: string) =>
    `Policy/${capitalized(signal)} Value Estimate`,
  signalBaseline: (signal: string) =>
    `Policy/${capitalized(signal)} Baseline Estimate`,
  /** SAC's mean value of states. */
  signalStateValue: (signal: string) => `Policy/${capitalized(signal)} Value`,
} as const;

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

interface Entry {
  readonly aggregation: Aggregation;
  readonly values: number[];
}

/** Values by tag since the last summary, in order of first use. */
export class Statistics {
  readonly #entries = new Map<string, Entry>();

  add(tag: string, value: number, aggregation: Aggregation = "average"): void {
    const entry = this.#entries.get(tag);
    if (entry) entry.values.push(value);
    else this.#entries.set(tag, { aggregation, values: [value] });
  }

  /** Mean so far, or null when nothing was added. */
  mean(tag: string): number | null {
    const values = this.#entries.get(tag)?.values;
    return values?.length ? meanOf(values) : null;
  }

  /** All figures, and begins anew. */
  take(): Map<string, StatisticSummary> {
    const summaries = new Map<string, StatisticSummary>();
    for (const [tag, entry] of this.#entries) {
      summaries.set(tag, summarize(entry));
    }
    this.#entries.clear();
    return summaries;
  }

  snapshot(): NamedArrays {
    return Object.fromEntries(
      [...this.#entries].map(([tag, { aggregation, values }], i) => [
        // Number first: names of stored arrays are sorted.
        `${String(i).padStart(4, "0")}.${aggregation}.${tag}`,
        vectorArray(Float64Array.from(values)),
      ]),
    );
  }

  restore(state: NamedArrays): void {
    this.#entries.clear();
    for (const name of Object.keys(state).sort()) {
      const [, aggregation, ...tag] = name.split(".");
      for (const value of state[name].data) {
        this.add(tag.join("."), Number(value), parseAggregation(aggregation));
      }
    }
  }
}

function parseAggregation(text: string): Aggregation {
  switch (text) {
    case "average":
    case "latest":
    case "sum":
    case "histogram":
      return text;
  }
  throw new TypeError(`unknown aggregation "${text}"`);
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

const meanOf = (values: readonly number[]): number =>
  sumOf(values) / values.length;

function summarize({ aggregation, values }: Entry): StatisticSummary {
  const sum = sumOf(values);
  const mean = sum / values.length;
  const squares = values.reduce((total, x) => total + (x - mean) ** 2, 0);
  return {
    aggregation,
    value: aggregation === "latest"
      ? values[values.length - 1]
      : aggregation === "sum"
      ? sum
      : mean,
    mean,
    standardDeviation: Math.sqrt(squares / values.length),
    sum,
    count: values.length,
    ...(aggregation === "histogram" && { values: Float64Array.from(values) }),
  };
}

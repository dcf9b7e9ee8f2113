import type { StatisticSummary, TimerNode } from "../events.ts";

/** A figure followed over the summaries of a run. */
interface Gauge {
  value: number;
  min: number;
  max: number;
  count: number;
}

/** Gauges of all statistics by the name they have in `timers.json`. */
export class Gauges {
  readonly #gauges = new Map<string, Gauge>();

  /** Adds one summary's means and sums; values that are no number are skipped. */
  record(
    behavior: string,
    statistics: ReadonlyMap<string, StatisticSummary>,
  ): void {
    for (const [tag, { mean, sum }] of statistics) {
      this.#update(`${behavior}.${tag}.mean`, mean);
      this.#update(`${behavior}.${tag}.sum`, sum);
    }
  }

  /** The gauges as plain data. */
  toRecord(): Record<string, Gauge> {
    return Object.fromEntries(this.#gauges);
  }

  #update(label: string, value: number): void {
    if (Number.isNaN(value)) return;
    const name = label.replaceAll("/", ".").replaceAll(" ", "");
    const gauge = this.#gauges.get(name);
    this.#gauges.set(name, {
      value,
      min: Math.min(value, gauge?.min ?? value),
      max: Math.max(value, gauge?.max ?? value),
      count: (gauge?.count ?? 0) + 1,
    });
  }
}

/** The text of `timers.json`: where a run's time went, and its gauges. */
export function timersText(
  timers: TimerNode,
  gauges: Gauges,
  metadata: Readonly<Record<string, string>>,
): string {
  const { total, count, self, children } = timerEntry(timers);
  return JSON.stringify(
    {
      name: "root",
      gauges: gauges.toRecord(),
      metadata: { timer_format_version: "0.1.0", ...metadata },
      total,
      count,
      self,
      children,
    },
    null,
    4,
  ) + "\n";
}

interface TimerEntry {
  readonly total: number;
  readonly count: number;
  readonly self: number;
  readonly children?: Readonly<Record<string, TimerEntry>>;
}

function timerEntry({ total, count, children }: TimerNode): TimerEntry {
  const below = Object.entries(children);
  const inChildren = below.reduce((sum, [, child]) => sum + child.total, 0);
  return {
    total,
    count,
    self: Math.max(0, total - inChildren),
    ...(below.length > 0 && {
      children: Object.fromEntries(
        below.map(([name, child]) => [name, timerEntry(child)]),
      ),
    }),
  };
}

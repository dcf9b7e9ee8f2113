import type { Problem } from "../errors.ts";

/** How often one environment may be started again; -1 = without limit. */
export interface RestartLimits {
  /** In the whole run. */
  readonly lifetime: number;
  /** Within `periodSeconds`. */
  readonly rate: number;
  readonly periodSeconds: number;
}

/** Counts the restarts of one environment (reference: protocol, 1.5). */
export class RestartAllowance {
  readonly #limits: RestartLimits;
  readonly #now: () => number;
  #count = 0;
  /** When the restarts within the period were. */
  #recent: number[] = [];

  /** `now` gives milliseconds. */
  constructor(limits: RestartLimits, now = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts a restart; if there may be none, says which limit is reached. */
  take(): Problem | null {
    const { lifetime, rate, periodSeconds } = this.#limits;
    const now = this.#now();
    this.#recent = this.#recent.filter((time) =>
      now - time < periodSeconds * 1000
    );
    if (lifetime !== -1 && this.#count >= lifetime) {
      return {
        what: "it may not be started again in this run",
        found: restarts(this.#count),
        cure: "Raise --max-lifetime-restarts, or -1 for no limit.",
      };
    }
    if (rate !== -1 && this.#recent.length >= rate) {
      return {
        what: "it may not be started again so soon",
        found: `${restarts(rate)} in the last ${periodSeconds} s`,
        cure: "Raise --restarts-rate-limit-n, or -1 for no limit.",
      };
    }
    this.#count++;
    this.#recent.push(now);
    return null;
  }

  /** Which restart of how many the latest one is. */
  describe(): string {
    const { lifetime } = this.#limits;
    return `restart ${this.#count}` +
      (lifetime === -1 ? "" : ` of ${lifetime}`);
  }
}

function restarts(count: number): string {
  return count === 1 ? "1 restart" : `${count} restarts`;
}

/** Where the time of a run goes. */
import type { TimerNode } from "../events.ts";

interface MutableTimer {
  total: number;
  count: number;
  readonly children: Record<string, MutableTimer>;
}

/** Seconds by named part; parts may lie inside other parts. */
export class Timers {
  readonly #now: () => number;
  readonly #root: MutableTimer = { total: 0, count: 1, children: {} };
  readonly #start: number;

  /** `now` gives milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = now();
  }

  /** Milliseconds, to be handed to {@link add}. */
  now(): number {
    return this.#now();
  }

  /** Seconds since the run began. */
  elapsed(): number {
    return (this.#now() - this.#start) / 1000;
  }

  /** Adds the time since `begin` to a part such as `update/evaluate`. */
  add(part: string, begin: number): void {
    let timer = this.#root;
    for (const name of part.split("/")) {
      timer = timer.children[name] ??= { total: 0, count: 0, children: {} };
    }
    timer.total += (this.#now() - begin) / 1000;
    timer.count++;
  }

  /** The tree so far; its root is the whole run. */
  tree(): TimerNode {
    return { ...this.#root, total: this.elapsed() };
  }
}

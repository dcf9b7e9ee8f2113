import { arrayNamed, type NamedArrays, scalarArray } from "../util/arrays.ts";

/** Counts steps and says when a summary or checkpoint is due (reference 2.4). */
export class StepCounter {
  #step = 0;
  #checkpointDue = false;
  readonly #summaryInterval: number;
  readonly #checkpointInterval: number;

  constructor(summaryInterval: number, checkpointInterval: number) {
    this.#summaryInterval = summaryInterval;
    this.#checkpointInterval = checkpointInterval;
  }

  get step(): number {
    return this.#step;
  }

  /**
   * Counts a segment. Returns the multiple of the summary interval that this
   * reaches, or null; a segment that spans several reports the first. The very
   * first segment is never due for anything.
   */
  count(steps: number): number | null {
    const before = this.#step;
    this.#step += steps;
    if (before === 0) return null;
    const checkpoint = nextMultiple(before, this.#checkpointInterval);
    if (this.#step >= checkpoint) this.#checkpointDue = true;
    const summary = nextMultiple(before, this.#summaryInterval);
    return this.#step >= summary ? summary : null;
  }

  /** True once per passed multiple of the checkpoint interval. */
  takeCheckpointDue(): boolean {
    const due = this.#checkpointDue;
    this.#checkpointDue = false;
    return due;
  }

  snapshot(): NamedArrays {
    return { step: scalarArray(this.#step) };
  }

  restore(state: NamedArrays): void {
    this.#step = Number(arrayNamed(state, "step").data[0]);
    this.#checkpointDue = false;
  }
}

/** The first multiple of `interval` above `step`. */
function nextMultiple(step: number, interval: number): number {
  return (Math.floor(step / interval) + 1) * interval;
}

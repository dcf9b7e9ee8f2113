import { peakMemory, processTree } from "./process_tree.ts";

/**
 * Milliseconds. The system remembers each process's peak: it is enough to look
 * now and then, which takes time from what is measured.
 */
const interval = 500;

/** Follows the memory of a process and its descendants until `stop` (Linux). */
export class ProcessMemory {
  readonly #root: number;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Largest memory in use so far, in MiB, by process. */
  readonly #peaks = new Map<number, number>();

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), interval);
  }

  /**
   * The sum of what each process took at its own peak, in MiB: at least what
   * all took together at any time. NaN where the system does not tell.
   */
  stop(): number {
    clearInterval(this.#timer);
    const sum = [...this.#peaks.values()].reduce((a, b) => a + b, 0);
    return sum > 0 ? sum : NaN;
  }

  #look(): void {
    for (const id of processTree(this.#root)) {
      // A shell that became another program has a smaller peak afterwards.
      const before = this.#peaks.get(id) ?? 0;
      this.#peaks.set(id, Math.max(before, peakMemory(id)));
    }
  }
}

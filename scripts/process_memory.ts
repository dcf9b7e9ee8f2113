/** How much memory a program and the programs that it starts take (Linux). */

const interval = 100;

/** Follows a process and its descendants until `stop`. */
export class ProcessMemory {
  readonly #root: number;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Largest memory in use so far, in KiB, by process. */
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
    return sum > 0 ? sum / 1024 : NaN;
  }

  #look(): void {
    const parents = new Map<number, number>();
    const memory = new Map<number, number>();
    for (const pid of processes()) {
      const status = readStatus(pid);
      const parent = /^PPid:\s*(\d+)/m.exec(status)?.[1];
      if (parent === undefined) continue;
      parents.set(pid, Number(parent));
      const peak = /^VmHWM:\s*(\d+)/m.exec(status)?.[1];
      memory.set(pid, Number(peak ?? 0));
    }
    for (const [pid, peak] of memory) {
      let ancestor: number | undefined = pid;
      while (ancestor !== undefined && ancestor !== this.#root) {
        ancestor = parents.get(ancestor);
      }
      // A shell that became another program has a smaller peak afterwards.
      const before = this.#peaks.get(pid) ?? 0;
      if (ancestor) this.#peaks.set(pid, Math.max(before, peak));
    }
  }
}

function processes(): number[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter(Number.isInteger);
}

/** Empty for a process that has ended in the meantime. */
function readStatus(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/status`);
  } catch {
    return "";
  }
}

import { processTree } from "./process_tree.ts";

/** Milliseconds that a program has to end after it has been interrupted. */
const GRACE = 30_000;

const running = new Set<Deno.ChildProcess>();

/** Starts a program that does not outlive this one, whatever ends it. */
export function startProgram(
  command: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  endAllOnSignals();
  const child = new Deno.Command(command, options).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  return child;
}

/**
 * Interrupts a program unless it ends by itself within `patience`
 * milliseconds; whatever of its process tree outlives it is killed.
 */
export async function endProgram(
  child: Deno.ChildProcess,
  patience = 0,
): Promise<void> {
  if (!running.has(child)) return;
  const ids = processTree(child.pid);
  const timers = [
    setTimeout(() => child.kill("SIGINT"), patience),
    setTimeout(() => child.kill("SIGKILL"), patience + GRACE),
  ];
  await child.status;
  timers.forEach(clearTimeout);
  for (const id of ids) {
    try {
      Deno.kill(id, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

let isListening = false;

function endAllOnSignals(): void {
  if (isListening) return;
  isListening = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, async () => {
      await Promise.all([...running].map((each) => endProgram(each)));
      Deno.exit(1);
    });
  }
}

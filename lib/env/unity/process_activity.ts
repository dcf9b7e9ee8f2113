import { mayRead } from "../../util/permissions.ts";

/** What a player and the programs that it has started have done so far. */
export interface ProcessActivity {
  readonly processorSeconds: number;
  /** One of them works at the moment, or would if there were a processor. */
  readonly isRunning: boolean;
  /** Stopped by a signal or a debugger. */
  readonly isStopped: boolean;
}

/** Units of processor time in a second, the same on all of Linux. */
const TICKS_PER_SECOND = 100;

/**
 * The activity of a process group (`proc_pid_stat(5)`). Null where the system
 * does not tell, and where Deno has not all access: nobody is asked.
 */
export function processActivity(group: number): ProcessActivity | null {
  if (Deno.build.os !== "linux" || !mayRead("/proc")) return null;
  try {
    let ticks = 0;
    let isRunning = false;
    let isStopped = false;
    for (const { name } of Deno.readDirSync("/proc")) {
      const stat = /^\d+$/.test(name) ? readStat(name) : null;
      if (stat === null || Number(stat[2]) !== group) continue;
      isRunning ||= stat[0] === "R";
      isStopped ||= stat[0] === "T" || stat[0] === "t";
      // Its own time and that of ended children, as user and as system.
      for (const part of stat.slice(11, 15)) ticks += Number(part);
    }
    const processorSeconds = ticks / TICKS_PER_SECOND;
    return { processorSeconds, isRunning, isStopped };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}

/** The fields from the state on; null if the process has ended. */
function readStat(pid: string): string[] | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name, in brackets before the state, may hold anything.
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return null;
  }
}

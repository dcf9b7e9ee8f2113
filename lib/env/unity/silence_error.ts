import { EnvironmentLost } from "../environment_lost.ts";
import type { ProcessActivity } from "./process_activity.ts";

/** What is known of a player that has not been heard of for too long. */
export interface Silence {
  readonly port: number;
  /** Seconds of waiting. */
  readonly timeoutWait: number;
  readonly hasConnected: boolean;
  /** Null = the player is the Unity Editor. */
  readonly process: {
    readonly pid: number;
    /** Near the beginning and at the end of the wait; null = unknown. */
    readonly before: ProcessActivity | null;
    readonly after: ProcessActivity | null;
  } | null;
}

/** Processor time that tells a busy player, as a share of the wait. */
const BUSY_SHARE = 0.5;

/** The error for a player that nothing was heard of in the time allowed. */
export function silenceError(silence: Silence): EnvironmentLost {
  const { port, timeoutWait, hasConnected } = silence;
  const { found, cure } = stateOf(silence);
  return new EnvironmentLost("silent", {
    what: hasConnected
      ? `The Unity player has been silent for ${timeoutWait} s`
      : `No Unity player has connected to port ${port} within ` +
        `${timeoutWait} s`,
    ...(found && { found }),
    cure: [cure, hasConnected ? "" : connectionAdvice(silence)]
      .filter((part) => part).join(" "),
  });
}

function connectionAdvice({ process }: Silence): string {
  return process
    ? "Check that the game starts a scene with agents without waiting for " +
      'input, that their behavior type is "Default", that the versions fit, ' +
      "and use --no-graphics on a machine without a screen."
    : "Press Play in the Unity Editor in time (--timeout-wait), in a scene " +
      'whose agents have the behavior type "Default".';
}

/** What the player's process has been doing, and the advice for that. */
function stateOf(
  { process, timeoutWait, hasConnected }: Silence,
): { found?: string; cure?: string } {
  const stillness = hasConnected
    ? "Does the game wait for input, or do its agents no longer request " +
      "decisions?"
    : "";
  if (!process?.before || !process.after) {
    return {
      cure: hasConnected
        ? `${stillness} Raise --timeout-wait if it is slow.`
        : "",
    };
  }
  const { pid, before, after } = process;
  if (after.isStopped) {
    return {
      found: `its process ${pid} is stopped`,
      cure: `Does a debugger hold it? To continue it: kill -CONT -- -${pid}`,
    };
  }
  const seconds = after.processorSeconds - before.processorSeconds;
  // On a machine that others keep busy it gets less time than it wants.
  const isBusy = seconds > BUSY_SHARE * timeoutWait ||
    (before.isRunning && after.isRunning);
  const time = `${seconds.toFixed(seconds < 10 ? 1 : 0)} s of processor time`;
  return isBusy
    ? {
      found: `its process ${pid} was busy: ${time}`,
      cure: "If it loads or computes for so long, raise --timeout-wait.",
    }
    : { found: `its process ${pid} was idle: ${time}`, cure: stillness };
}

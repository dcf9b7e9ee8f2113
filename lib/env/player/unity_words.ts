/** What a player understands of the words that it was started with. */
export interface UnityWords {
  /** The trainer's port; null = no connection is to be made. */
  readonly port: number | null;
  /** Where the log goes; null = nowhere. */
  readonly logFile: string | null;
}

const highestPort = 65535;

/**
 * Reads a command line as Unity's players do: two words for an option, the last
 * one wins, everything else is left to others.
 */
export function readUnityWords(words: readonly string[]): UnityWords {
  const port = Number(wordBehind(words, /^--mlagents-port$/) ?? NaN);
  return {
    port: Number.isInteger(port) && port > 0 && port <= highestPort
      ? port
      : null,
    logFile: wordBehind(words, /^-logFile$/i),
  };
}

function wordBehind(words: readonly string[], option: RegExp): string | null {
  const at = words.findLastIndex((word) => option.test(word));
  return at < 0 ? null : words[at + 1] ?? null;
}

/**
 * The number of a player among several: trainers let it log to
 * `Player-<number>.log`. 0 for every other name.
 */
export function workerOf(logFile: string | null): number {
  return Number(/-(\d+)\.log$/.exec(logFile ?? "")?.[1] ?? 0);
}

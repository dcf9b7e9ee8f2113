/** What a player that died has said in its log. */
import { mayRead } from "../../util/permissions.ts";

/** Bytes of the log that are looked through, from its end. */
const SEARCHED_BYTES = 64 * 1024;
const LAST_LINES = 12;
/** Lines from the one on that names a crash. */
const CRASH_LINES = 8;

/** Begins of the lines that Unity writes when its engine crashes. */
const CRASH = /^(Crash!!!|Caught fatal signal|Native Crash Reporting)/;
/** An error of the game's own code, the stack below it. */
const EXCEPTION = /^([A-Z]\w*\.)*[A-Z]\w*Exception\b/;

/**
 * The last lines of a text, below the beginning of a crash report, or the last
 * exception, if that stands further up.
 */
export function lastWords(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => line.trimEnd());
  const tail = lines.slice(-LAST_LINES);
  const crash = lines.findIndex((line) => CRASH.test(line));
  const from = crash >= 0
    ? crash
    : lines.findLastIndex((line) => EXCEPTION.test(line));
  const above = lines.length - tail.length - from;
  const cause = from < 0 || above <= 0
    ? []
    : lines.slice(from, from + Math.min(above, CRASH_LINES));
  const gap = above > cause.length && cause.length > 0 ? ["..."] : [];
  return [...cause, ...gap, ...tail].join("\n");
}

/** The last part of a log; empty if there is none or it cannot be read. */
export function readLogEnd(path: string): string {
  try {
    // To open something else, such as a pipe, may take for ever.
    if (!mayRead(path) || !Deno.statSync(path).isFile) return "";
    using file = Deno.openSync(path);
    const { size } = file.statSync();
    const bytes = new Uint8Array(Math.min(size, SEARCHED_BYTES));
    file.seekSync(-bytes.length, Deno.SeekMode.End);
    const count = file.readSync(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, count));
  } catch {
    return "";
  }
}

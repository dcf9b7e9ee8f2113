/** Errors as data, and the one place that words them for people. */

/** A place in a text file; lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line, quoted under the message. */
  readonly text?: string;
}

/** One thing that is wrong, in parts, so that each front end can word it. */
export interface Problem {
  /** What failed, one sentence without a final stop. */
  readonly what: string;
  readonly place?: SourcePlace;
  /** The setting or object concerned: `behaviors.3DBall.max_steps`. */
  readonly path?: string;
  /** What was found there. */
  readonly found?: string;
  /** What is allowed there: type, unit, range, choices. */
  readonly allowed?: string;
  /** What the user can do about it. */
  readonly cure?: string;
}

/** Exit codes of the command line. */
export const ExitCode = { failure: 1, usage: 2, interrupted: 130 } as const;

/** An error that the user can act upon; shown without a stack trace. */
export class UserError extends Error {
  readonly problems: readonly Problem[];
  readonly exitCode: number;

  constructor(
    problems: Problem | readonly Problem[],
    options: { cause?: unknown; exitCode?: number } = {},
  ) {
    const list = "what" in problems ? [problems] : problems;
    super(
      list.map(describeProblem).join("\n"),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "UserError";
    this.problems = list;
    this.exitCode = options.exitCode ?? ExitCode.failure;
  }
}

/** Words one problem: place, what, found, allowed, cure and the quoted line. */
export function describeProblem(problem: Problem): string {
  const { place } = problem;
  const head = [
    place && [place.file, place.line, place.column]
      .filter((part) => part !== undefined).join(":"),
    problem.path,
    problem.what,
  ].filter((part) => part).join(": ");
  const details = [
    problem.found && `found ${problem.found}`,
    problem.allowed && `allowed: ${problem.allowed}`,
  ].filter((part) => part).join("; ");
  const lines = [details ? `${head} (${details})` : head];
  if (place?.text !== undefined) {
    lines.push(`    ${place.text}`);
    if (place.column) lines.push(`    ${" ".repeat(place.column - 1)}^`);
  }
  if (problem.cure) lines.push(`  ${problem.cure}`);
  return lines.join("\n");
}

/** The known name nearest to a misspelt one, or undefined if none is near. */
export function nearestName(
  name: string,
  known: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance of two short strings. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length];
}

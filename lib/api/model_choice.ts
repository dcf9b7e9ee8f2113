/** Which model acts for which behavior. */
import { nearestName, type Problem, UserError } from "../errors.ts";

/** Paths of .onnx files. */
export interface ModelChoice {
  /** For behaviors that are not named; null = there must be none. */
  readonly others: string | null;
  readonly byBehavior: ReadonlyMap<string, string>;
}

/** A name before the first "="; a path may have one behind a slash. */
const namedModel = /^([^=/\\]+)=(.*)$/;

/**
 * Reads `FILE.onnx` and `BEHAVIOR=FILE.onnx`; the problems are for the user who
 * wrote them.
 */
export function readModelChoice(
  words: readonly string[],
): { choice: ModelChoice; problems: Problem[] } {
  let others: string | null = null;
  const byBehavior = new Map<string, string>();
  const problems: Problem[] = [];
  for (const word of words) {
    const [, behavior, named] = namedModel.exec(word) ?? [];
    const path = named ?? word;
    const isTwice = behavior === undefined
      ? others !== null
      : byBehavior.has(behavior);
    if (path === "") {
      problems.push({ path: "--model", what: "names no file", found: word });
    } else if (isTwice) {
      problems.push({
        path: "--model",
        what: behavior === undefined
          ? "names two models for the same behaviors"
          : `names two models for ${behavior}`,
        found: word,
        cure: "Write --model BEHAVIOR=FILE.onnx for each behavior.",
      });
    } else if (behavior === undefined) others = path;
    else byBehavior.set(behavior, path);
  }
  return { choice: { others, byBehavior }, problems };
}

/** All files that are to be read. */
export function modelFiles({ others, byBehavior }: ModelChoice): string[] {
  return [
    ...new Set([...others === null ? [] : [others], ...byBehavior.values()]),
  ];
}

/** The file of the model for a behavior. Throws UserError if there is none. */
export function modelFor(
  { others, byBehavior }: ModelChoice,
  behavior: string,
): string {
  const path = byBehavior.get(behavior) ?? others;
  if (path !== null) return path;
  const near = nearestName(behavior, byBehavior.keys());
  throw new UserError({
    what: "there is no model for the behavior",
    path: behavior,
    found: `models for ${[...byBehavior.keys()].join(", ")}`,
    cure: near === undefined
      ? `Add one: --model ${behavior}=FILE.onnx.`
      : `Is the model for ${near} meant to be for ${behavior}?`,
  });
}

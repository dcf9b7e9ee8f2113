/** From what zod found in plain data to what people need to know. */
import type { z } from "zod";
import { nearestName, type Problem } from "../errors.ts";
import { quote } from "../util/quote.ts";
import { isPlainMap, type SettingPath, valueAt } from "./plain_maps.ts";

/** Something about a setting, before it has a place in a file. */
export interface Finding extends Omit<Problem, "place" | "path"> {
  readonly path: SettingPath;
  /** The key itself is meant, not its value. */
  readonly atKey?: boolean;
}

type Issue = z.core.$ZodIssue;

/** The findings of a schema in `input`, one for each path, in zod's order. */
export function findingsOf(error: z.ZodError, input: unknown): Finding[] {
  const byPath = new Map<string, Finding>();
  for (
    const finding of error.issues.flatMap((each) => translate(each, input))
  ) {
    const path = JSON.stringify(finding.path);
    if (!byPath.has(path)) byPath.set(path, finding);
  }
  const findings = [...byPath.values()];
  return findings.filter((finding) => !isMisspelt(finding, findings));
}

/** Whether a missing key is there after all, under a name close to it. */
function isMisspelt(missing: Finding, findings: readonly Finding[]): boolean {
  const key = missing.path.at(-1);
  const parent = JSON.stringify(missing.path.slice(0, -1));
  return missing.what === missingKey &&
    findings.some(({ what, path, cure }) =>
      what === unknownKey && cure === didYouMean(String(key)) &&
      JSON.stringify(path.slice(0, -1)) === parent
    );
}

const missingKey = "missing";
const unknownKey = "unknown key";

function didYouMean(name: string): string {
  return `Did you mean ${name}?`;
}

function translate(issue: Issue, input: unknown): Finding[] {
  const path = keysOf(issue.path);
  const value = valueAt(input, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => rejectKey([...path, key], issue.message));
  }
  const branch = issue.code === "invalid_union" &&
    meantBranch(issue.errors, value);
  if (branch) {
    return branch.flatMap((each) => translate(each, value)).map((finding) => ({
      ...finding,
      path: [...path, ...finding.path],
    }));
  }
  const near = typeof value === "string" && isChoice(issue)
    ? nearestName(value, issue.message.split(", "))
    : undefined;
  const cure = near !== undefined
    ? didYouMean(near)
    : value === null
    ? "Write a value, or leave the key out for its default."
    : undefined;
  return [{
    path,
    what: describeIssue(issue, value),
    ...value === undefined ? {} : { found: describeValue(value) },
    allowed: issue.message,
    ...cure === undefined ? {} : { cure },
  }];
}

/** An unknown key: the nearest known one, or all of them. */
function rejectKey(path: SettingPath, known: string): Finding {
  const key = String(path.at(-1));
  const names = known.split(", ");
  const near = nearestName(key, names) ??
    names.find((name) => name.startsWith(`${key}_`));
  return {
    path,
    atKey: true,
    what: unknownKey,
    ...near === undefined ? { allowed: known } : { cure: didYouMean(near) },
  };
}

/**
 * The alternative that the user meant: the right kind of value, and no key of
 * its own missing. None if no alternative fits.
 */
function meantBranch(
  branches: readonly Issue[][],
  value: unknown,
): Issue[] | undefined {
  return branches.find((branch) =>
    !branch.some(({ code, path }) =>
      path.length === 0 && code === "invalid_type" ||
      path.length === 1 && valueAt(value, keysOf(path)) === undefined
    )
  );
}

function keysOf(path: readonly PropertyKey[]): SettingPath {
  return path.map((key) => typeof key === "number" ? key : String(key));
}

/** Whether the issue is about one of a few words. */
function isChoice(issue: Issue): boolean {
  return issue.code === "invalid_value" ||
    issue.code === "invalid_union" && issue.discriminator !== undefined;
}

function describeIssue(issue: Issue, value: unknown): string {
  if (issue.code === "custom") return String(issue.params?.what);
  if (value === undefined) return missingKey;
  if (value === null || value === "") return "empty";
  if (isChoice(issue) && typeof value === "string") return "unknown word";
  if (issue.code !== "too_small" && issue.code !== "too_big") {
    const wanted = issue.code === "invalid_type" ? issue.expected : undefined;
    return wanted === "int" && isNumeric(value)
      ? "not a whole number"
      : "wrong kind of value";
  }
  return Array.isArray(value) ? "wrong length" : "out of range";
}

function isNumeric(value: unknown): boolean {
  return typeof value !== "boolean" && Number.isFinite(Number(value));
}

/** A value in few words, for messages. */
export function describeValue(value: unknown): string {
  if (value === null) return "nothing (null)";
  if (Array.isArray(value)) return "a list";
  if (isPlainMap(value)) return "a mapping";
  return typeof value === "string" ? quote(value, 60) : String(value);
}

/**
 * The building blocks of every settings schema. Each carries one sentence that
 * says what is allowed there; zod hands it back as the message of a finding, and
 * numbers also as `allowed` in the JSON Schema.
 */
import { z } from "zod";

/** Bounds of a number, all optional; `unit` is for people. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** An exclusive lower bound. */
  readonly above?: number;
  readonly unit?: string;
}

/** A whole number; `5e5`, `5.0e5` and `"5e5"` are the same as `500000`. */
export function count({ min, max, unit }: Bounds = {}) {
  const error = `a whole number${unit ? ` of ${unit}` : ""}` +
    describeRange({ min, max });
  let schema = z.int({
    error: ({ code }) => code === "too_big" ? `${error}, below 2^53` : error,
  });
  if (min !== undefined) schema = schema.min(min, { error });
  if (max !== undefined) schema = schema.max(max, { error });
  return z.preprocess((value: number) => readNumber(value), schema)
    .meta({ allowed: error });
}

/** A number that training can hold, spelt like those of {@link count}. */
export function real({ min, max, above, unit }: Bounds = {}) {
  const error = `a number${unit ? ` of ${unit}` : ""}` +
    describeRange({ min, max, above });
  let schema = z.number({ error }).refine(isSinglePrecision, {
    error: `${error}, within 3.4e38 of 0`,
    params: { what: "out of range" },
  });
  if (min !== undefined) schema = schema.min(min, { error });
  if (max !== undefined) schema = schema.max(max, { error });
  if (above !== undefined) schema = schema.gt(above, { error });
  return z.preprocess((value: number) => readNumber(value), schema)
    .meta({ allowed: error });
}

/** A real boolean: the text `"false"` is not one. */
export function flag() {
  return z.boolean({ error: "true or false, without quotes" });
}

/** A text that is not empty; a bare number is taken as its digits. */
export function text(meaning: string) {
  return z.preprocess(
    (value: string) => readText(value),
    z.string({ error: meaning }).min(1, { error: meaning }).refine(
      (given) => !given.includes("\0"),
      { error: meaning, params: { what: "contains a zero character" } },
    ),
  ).meta({ type: ["string", "number"] });
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(
  ...words: T
) {
  return z.enum(words, { error: words.join(", ") });
}

/** A mapping in which every other key is a mistake. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? keys : `a mapping with ${keys}`,
  });
}

/** A mapping from names that the user chose. */
export function named<Value extends z.ZodType>(value: Value, of: string) {
  return z.record(z.string(), value, { error: `a mapping from ${of}` });
}

/** What a rule over several keys found wrong. */
export interface BrokenRule {
  /** The key to blame, relative to the value that the rule looks at. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly allowed: string;
}

/** Reports a broken rule from within `superRefine`. */
export function reject(context: z.RefinementCtx, rule: BrokenRule): void {
  context.addIssue({
    code: "custom",
    path: [...rule.path],
    message: rule.allowed,
    params: { what: rule.what },
  });
}

const numberText = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** The number that a numeric text stands for; anything else unchanged. */
function readNumber(value: unknown): unknown {
  return typeof value === "string" && numberText.test(value.trim())
    ? Number(value)
    : value;
}

function readText(value: unknown): unknown {
  return Number.isFinite(value) ? String(value) : value;
}

/** Whether a number is finite for networks and Unity, which have 32 bits. */
function isSinglePrecision(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

function describeRange({ min, max, above }: Bounds): string {
  if (above !== undefined) {
    return max === undefined ? ` above ${above}` : ` above ${above}, to ${max}`;
  }
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, ${min} or more`;
  return max === undefined ? "" : `, ${max} or less`;
}

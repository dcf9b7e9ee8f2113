/** What the command line and its verbs share: wrong usage, and values. */
import { z } from "zod";
import { ExitCode, type Problem, UserError } from "../errors.ts";
import { findingsOf } from "../settings/findings.ts";

/** The error for words that the program does not understand. */
export function wrongUsage(problems: Problem | readonly Problem[]): UserError {
  return new UserError(problems, { exitCode: ExitCode.usage });
}

/** An option's argument, read by the schema of what it stands for. */
export function readArgument(
  option: string,
  schema: z.core.$ZodType,
  given: unknown,
): { value?: unknown; problem?: Problem } {
  const result = z.safeParse(schema, given);
  if (result.success) return { value: result.data };
  const [{ path: _, ...finding }] = findingsOf(result.error, given);
  return { problem: { ...finding, path: option } };
}

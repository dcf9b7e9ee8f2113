/** The program as a user runs it: a process of its own. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../cli.ts", import.meta.url));

export interface Outcome {
  readonly code: number;
  /** Standard output. */
  readonly output: string;
  /** Standard error. */
  readonly errors: string;
}

/** The words that start the program, for a shell or a process. */
export function commandWords(args: readonly string[]): string[] {
  return [Deno.execPath(), "run", "-A", "--no-check", program, ...args];
}

/** Starts `cli.ts` with these arguments in a folder. */
export function startCommand(
  args: readonly string[],
  cwd: string,
): Deno.ChildProcess {
  const [executable, ...words] = commandWords(args);
  return new Deno.Command(executable, {
    args: words,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs `cli.ts` to its end. */
export async function runCommand(
  args: readonly string[],
  cwd: string,
): Promise<Outcome> {
  return toOutcome(await startCommand(args, cwd).output());
}

export function toOutcome(
  { code, stdout, stderr }: Deno.CommandOutput,
): Outcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, output: text(stdout), errors: text(stderr) };
}

/**
 * Checks that a command failed as every failure should: with an exit code,
 * each error said once and in plain words, without a stack trace.
 */
export function assertFailure(
  { code, errors }: Outcome,
  expectedCode: number,
  ...expected: readonly RegExp[]
): void {
  assert.equal(code, expectedCode, errors);
  for (const pattern of expected) assert.match(errors, pattern);
  assert.match(errors, /^error: /m);
  assert.doesNotMatch(errors, /^\s+at .+:\d+:\d+\)?$/m);
  assert.doesNotMatch(errors, /should not happen|Uncaught|undefined/);
  const lines = errors.split("\n").filter((line) => line.startsWith("error: "));
  assert.equal(new Set(lines).size, lines.length, errors);
}

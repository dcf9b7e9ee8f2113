/** What the readers of settings have to say, as text. */
import { describeProblem, UserError } from "../../lib/errors.ts";
import { readSettings } from "../../lib/settings/read_settings.ts";

/** The message with which a text is refused; fails if it is accepted. */
export function refusal(text: string): string {
  try {
    readSettings(text, "run.yaml");
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`was accepted: ${text}`);
}

/** The warnings about a text that is accepted, one line each. */
export function warningsOf(text: string): string[] {
  return readSettings(text, "run.yaml").warnings.map((warning) =>
    describeProblem({ ...warning, place: undefined }).replaceAll("\n", "")
  );
}

/** A text of blocks without the indentation of the test around it. */
export function block(strings: TemplateStringsArray): string {
  const lines = strings.join("").split("\n").slice(1);
  const indent = Math.min(
    ...lines.filter((line) => line.trim())
      .map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => line.slice(indent)).join("\n");
}

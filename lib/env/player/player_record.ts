import { fileError } from "../../util/file_error.ts";
import type { EnvironmentParameter } from "../env.ts";

/** Something that a player was told or did, for tests to read. */
export type RecordedEvent =
  | {
    readonly event: "start";
    readonly world: string;
    readonly package: string;
    readonly port: number;
  }
  | {
    readonly event: "greeting";
    readonly seed: number;
    readonly areas: number;
    /** The version of the trainer's library. */
    readonly library: string;
    readonly capabilities: readonly string[];
  }
  | { readonly event: "engine"; readonly [setting: string]: number | string }
  | {
    readonly event: "parameter";
    readonly name: string;
    readonly parameter: EnvironmentParameter;
  }
  | {
    readonly event: "message";
    readonly channel: string;
    /** In hexadecimal digits. */
    readonly payload: string;
  }
  | { readonly event: "reset" }
  | { readonly event: "end"; readonly reason: string };

/** A file with one event to a line, in JSON; starts are counted in it. */
export class PlayerRecord {
  readonly #path: string | null;

  /** Without a path nothing is recorded. */
  constructor(path: string | null) {
    this.#path = path;
  }

  get isKept(): boolean {
    return this.#path !== null;
  }

  /** Adds an event. Throws a UserError where it cannot be written. */
  add(event: RecordedEvent): void {
    if (this.#path === null) return;
    const line = `${JSON.stringify(event)}\n`;
    try {
      Deno.writeTextFileSync(this.#path, line, { append: true });
    } catch (error) {
      throw fileError(`cannot write the record ${this.#path}`, error);
    }
  }

  /** How often a player on this port has been started before. */
  countStarts(port: number): number {
    return readRecord(this.#path).filter((each) =>
      each.event === "start" && each.port === port
    ).length;
  }
}

/** The events of a record; none where there is no file yet. */
export function readRecord(path: string | null): RecordedEvent[] {
  if (path === null) return [];
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw fileError(`cannot read the record ${path}`, error);
  }
  return text.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

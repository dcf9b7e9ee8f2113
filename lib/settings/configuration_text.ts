/** The text of a configuration file. */
import { basename, dirname } from "node:path";
import { nearestName, UserError } from "../errors.ts";
import { fileError } from "../util/file_error.ts";
import {
  type NeededPermission,
  requirePermissions,
} from "../util/permissions.ts";

/** In bytes; real configurations have a few thousand. */
const largestFile = 64 * 1024;

/** What it takes to read a configuration. */
export function readingPermissions(file: string): NeededPermission[] {
  return [
    { descriptor: { name: "read", path: file }, reason: "the configuration" },
    ...["LOG_TOKENS", "LOG_STREAM"].map((variable): NeededPermission => ({
      descriptor: { name: "env", variable },
      reason: "the YAML reader looks whether to log",
    })),
  ];
}

/**
 * Reads a file as text.
 *
 * @throws {UserError} if it is missing, unreadable, too large or no text.
 */
export async function readConfigurationText(file: string): Promise<string> {
  await requirePermissions(readingPermissions(file));
  try {
    if ((await Deno.stat(file)).isDirectory) {
      throw new UserError({
        what: "is a folder, not a configuration file",
        place: { file },
        ...suggest(await configurationsIn(file)),
      });
    }
    const bytes = await readStart(file, largestFile + 1);
    if (bytes.length > largestFile) {
      throw new UserError({
        what: "is too large for a configuration",
        place: { file },
        allowed: `at most ${largestFile / 1024} KiB`,
      });
    }
    return decode(bytes, file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw await unreadable(file, error);
  }
}

/** The first bytes of a file, which may be endless as a device is. */
async function readStart(file: string, most: number): Promise<Uint8Array> {
  using handle = await Deno.open(file);
  const bytes = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const count = await handle.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Not UTF-8: the same answer as for any other file that is no text.
  }
  throw new UserError({
    what: "is not a text in UTF-8",
    place: { file },
    cure: "Give a YAML configuration, saved as UTF-8",
  });
}

async function unreadable(file: string, cause: unknown): Promise<unknown> {
  if (cause instanceof Deno.errors.NotFound) {
    const names = await configurationsIn(dirname(file));
    const near = nearestName(basename(file), names);
    return new UserError({
      what: "no such configuration file",
      place: { file },
      ...near ? { cure: `Did you mean ${near}?` } : suggest(names),
    }, { cause });
  }
  return fileError(`cannot read ${file}`, cause);
}

/** The names of the YAML files in a folder; none if it cannot be listed. */
async function configurationsIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (/\.(ya?ml|json)$/i.test(name)) names.push(name);
    }
  } catch {
    // Only a suggestion depends on this.
  }
  return names.sort();
}

function suggest(names: readonly string[]): { cure?: string } {
  if (names.length === 0) return {};
  const shown = names.slice(0, 8).join(", ");
  return { cure: `There are: ${shown}${names.length > 8 ? ", …" : ""}` };
}

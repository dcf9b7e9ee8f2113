/** Settings from a configuration file. */
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { nearestName, UserError } from "../errors.ts";
import { fileError } from "../util/file_error.ts";
import { readSettings } from "./read_settings.ts";
import type { ResolvedSettings } from "./resolve_settings.ts";
import type { SettingsOverrides } from "./setting_overrides.ts";

/** In bytes; real configurations have a few thousand. */
const largestFile = 256 * 1024;

/**
 * Reads a configuration file.
 *
 * @throws {UserError} if it is missing, unreadable, no text or has mistakes.
 */
export async function loadSettings(
  path: string | URL,
  overrides: SettingsOverrides = {},
): Promise<ResolvedSettings> {
  const file = path instanceof URL ? fileURLToPath(path) : path;
  return readSettings(await readText(file), file, overrides);
}

async function readText(file: string): Promise<string> {
  try {
    const { isDirectory, size } = await Deno.stat(file);
    if (isDirectory) {
      throw new UserError({
        what: "is a folder, not a configuration file",
        place: { file },
        ...suggest(await configurationsIn(file)),
      });
    }
    if (size > largestFile) {
      throw new UserError({
        what: "is too large for a configuration",
        place: { file },
        found: `${Math.ceil(size / 1024)} KiB`,
        allowed: "at most 256 KiB",
      });
    }
    return decode(await Deno.readFile(file), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw await unreadable(file, error);
  }
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
  if (cause instanceof Deno.errors.NotCapable) {
    return new UserError({
      what: "may not be read: Deno was started without that permission",
      place: { file },
      cure: `Add --allow-read=${file}`,
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

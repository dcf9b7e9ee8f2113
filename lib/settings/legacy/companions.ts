/** The files that stood beside a trainer configuration up to 0.16. */
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { fileError } from "../../util/file_error.ts";
import { requirePermissions } from "../../util/permissions.ts";
import {
  readConfigurationText,
  readingPermissions,
} from "../configuration_text.ts";
import {
  type ConfigurationFile,
  readConfigurationFile,
} from "./configuration_file.ts";

/** What `--curriculum` and `--sampler` name. */
export interface CompanionPaths {
  /** A file, or a folder with one of each brain. */
  readonly curriculum?: string;
  readonly sampler?: string;
}

/** The same files, read. */
export interface Companions {
  readonly curricula?: readonly ConfigurationFile[];
  readonly sampler?: ConfigurationFile;
}

/** @throws {UserError} if one is missing, unreadable or no YAML or JSON. */
export async function loadCompanions(
  { curriculum, sampler }: CompanionPaths,
): Promise<Companions> {
  return {
    ...sampler === undefined ? {} : { sampler: await load(sampler) },
    ...curriculum === undefined ? {} : {
      curricula: await Promise.all(
        (await filesAt(curriculum)).map(load),
      ),
    },
  };
}

async function load(path: string): Promise<ConfigurationFile> {
  return readConfigurationFile(await readConfigurationText(path), path);
}

/** The path itself, or the curricula in a folder in the order of their names. */
async function filesAt(path: string): Promise<string[]> {
  await requirePermissions(readingPermissions(path));
  const names: string[] = [];
  await requirePermissions(readingPermissions(path));
  try {
    if (!(await Deno.stat(path)).isDirectory) return [path];
    for await (const { name, isFile } of Deno.readDir(path)) {
      if (isFile && /\.(json|ya?ml)$/i.test(name)) names.push(name);
    }
  } catch (error) {
    // A missing file gets its answer, with the names around it, on reading.
    if (error instanceof Deno.errors.NotFound) return [path];
    throw fileError(`cannot read ${path}`, error);
  }
  if (names.length > 0) return names.sort().map((name) => join(path, name));
  throw new UserError({
    what: "there is no curriculum in this folder",
    place: { file: path },
    allowed: "a file BRAIN.json for each brain",
  });
}

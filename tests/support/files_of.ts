import { createHash } from "node:crypto";
import { join } from "node:path";

/** The digest of every file below a folder by its path, sorted. */
export async function filesOf(
  folder: string,
  below = "",
): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = [...Deno.readDirSync(join(folder, below))]
    .sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    const path = join(below, name);
    if (isDirectory) Object.assign(files, await filesOf(folder, path));
    else files[path] = await digestOf(join(folder, path));
  }
  return files;
}

/** SHA-256 of a file. */
export async function digestOf(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../errors.ts";
import { writeFileAtomically } from "../../util/atomic_file.ts";
import { worldFactory } from "./world_factory.ts";

/**
 * Writes an executable file at `path` that serves a built-in simulator (such
 * as `sim:3DBall`) or a test scene (`scene:Visual`) as a Unity player, for
 * trainers that start Unity builds; `switches` are those of `cli.ts serve`.
 * It works from every folder and on this machine only: it names this program's
 * files and Deno by their full paths. Throws a UserError for an unknown world
 * and where there are no shell scripts.
 */
export async function writePlayerWrapper(
  path: string,
  world: string,
  switches: readonly string[] = [],
): Promise<void> {
  worldFactory(world);
  if (Deno.build.os === "windows") {
    throw new UserError({
      what: "A player wrapper is a shell script, which Windows does not run",
      cure: "Use Linux or macOS, or start `cli.ts serve` by hand.",
    });
  }
  await writeFileAtomically(resolve(path), wrapperScript(world, switches));
  await Deno.chmod(path, 0o755);
}

/** The script: the trainer's arguments go on to `cli.ts serve`. */
function wrapperScript(world: string, switches: readonly string[]): string {
  const command = [
    Deno.execPath(),
    "run",
    "--quiet",
    "--allow-all",
    "--config",
    projectFile("deno.json"),
    projectFile("cli.ts"),
    "serve",
    world,
    ...switches,
  ].map(quote).join(" ");
  return `#!/bin/sh\nexec ${command} "$@"\n`;
}

function projectFile(name: string): string {
  return fileURLToPath(new URL(`../../../${name}`, import.meta.url));
}

/** One word for the shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

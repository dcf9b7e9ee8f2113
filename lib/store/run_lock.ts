import { dirname } from "node:path";
import { UserError } from "../errors.ts";
import { writeAll } from "../util/atomic_file.ts";
import { fileError } from "../util/file_error.ts";

/**
 * Keeps other processes off a run's folder. The operating system holds the lock
 * and drops it when the process ends in whatever way, so none is ever stale; the
 * file's text only says who holds it.
 */
export class RunLock {
  readonly #path: string;
  readonly #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Throws a `UserError` if another process holds the lock or the file cannot be
   * made.
   */
  static async acquire(path: string): Promise<RunLock> {
    for (;;) {
      const file = await open(path);
      try {
        if (!await file.tryLock(true)) throw await heldError(path);
        if (await isStillThere(path, file)) {
          await nameHolder(file);
          return new RunLock(path, file);
        }
      } catch (error) {
        file.close();
        throw fileError(`cannot lock ${path}`, error);
      }
      // Its holder removed it in between: take the next one.
      file.close();
    }
  }

  /** Removes the file and lets others in. */
  async release(): Promise<void> {
    await Deno.remove(this.#path).catch(() => {});
    this.#file.close();
  }
}

async function open(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { read: true, write: true, create: true });
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}

async function nameHolder(file: Deno.FsFile): Promise<void> {
  const holder = JSON.stringify({ pid: Deno.pid, host: Deno.hostname() });
  await file.truncate();
  await writeAll(file, new TextEncoder().encode(`${holder}\n`));
}

/** False if the open file is no longer the one under this path. */
async function isStillThere(
  path: string,
  file: Deno.FsFile,
): Promise<boolean> {
  const [there, opened] = await Promise.all([
    Deno.stat(path).catch(() => null),
    file.stat(),
  ]);
  return there !== null && there.ino === opened.ino;
}

async function heldError(path: string): Promise<UserError> {
  const holder = await Deno.readTextFile(path).catch(() => "");
  return new UserError({
    what: "another process is using this run",
    path: dirname(path),
    found: holder.trim() || "a lock",
    cure: "Wait until it has ended, or choose another --run-id.",
  });
}

import { basename, dirname, join } from "node:path";
import { fileError } from "./file_error.ts";

/** What to put into a file: text, bytes, or bytes in several pieces. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

const TEMPORARY_NAME = /^\..+\.\d+-\d+\.tmp$/;
let temporaryCount = 0;

/**
 * Replaces or creates a file so that at every moment, even after a kill or a
 * power cut, `path` holds either its earlier content or all of the new one.
 * Throws a `UserError` when the disk is full, permission is missing or the path
 * is not usable; the earlier content then is still there.
 */
export function writeFileAtomically(
  path: string,
  content: FileContent,
): Promise<void> {
  return replaceAtomically(
    path,
    (temporary) => writeSynced(temporary, content),
  );
}

/**
 * Gives an existing file a second name, replacing what had that name before;
 * copies where the file system has no hard links. As safe as
 * {@link writeFileAtomically}.
 */
export function linkFileAtomically(
  existing: string,
  path: string,
): Promise<void> {
  return replaceAtomically(path, async (temporary) => {
    try {
      await Deno.link(existing, temporary);
    } catch {
      await writeSynced(temporary, await Deno.readFile(existing));
    }
  });
}

/**
 * Removes what killed processes left of unfinished writes in a folder. Call it
 * only while no other process writes there. A missing folder is fine.
 */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && isTemporaryName(entry.name)) {
        await Deno.remove(join(folder, entry.name));
      }
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw fileError(`cannot clean the folder ${folder}`, error);
  }
}

/** True for the names that unfinished atomic writes have. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY_NAME.test(name);
}

async function replaceAtomically(
  path: string,
  prepare: (temporary: string) => Promise<void>,
): Promise<void> {
  // In the same folder, because a rename is atomic within a file system only.
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${Deno.pid}-${temporaryCount++}.tmp`,
  );
  const discard = () => Deno.remove(temporary).catch(() => {});
  // A killed process of the same number may have left one: truncating it would
  // harm the good file if it is a second name of that.
  await discard();
  try {
    await prepare(temporary);
    await Deno.rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(
      `cannot write ${path}`,
      error,
      "Nothing was half-written: if that file existed before, it is unchanged.",
    );
  } finally {
    // Still there after a failure, and after a rename between two names of one
    // file, which does nothing.
    await discard();
  }
}

async function writeSynced(path: string, content: FileContent): Promise<void> {
  const pieces = typeof content === "string"
    ? [new TextEncoder().encode(content)]
    : content instanceof Uint8Array
    ? [content]
    : content;
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of joinSmall(pieces)) await writeAll(file, piece);
  await file.sync();
}

/** Bytes that are written at once. */
const writeSize = 2 ** 20;

/** Small pieces together: each write waits for the event loop. */
function* joinSmall(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    if (size + piece.length > writeSize && size > 0) {
      yield joined(small, size);
      small = [];
      size = 0;
    }
    if (piece.length > writeSize) {
      yield piece;
      continue;
    }
    small.push(piece);
    size += piece.length;
  }
  if (size > 0) yield joined(small, size);
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let end = 0;
  for (const piece of pieces) {
    all.set(piece, end);
    end += piece.length;
  }
  return all;
}

/** Writes all of `bytes`; one `write` may take only a part. */
export async function writeAll(
  file: Deno.FsFile,
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

/** Makes a rename in this folder survive a power cut. */
async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder as a file and needs no such call.
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(folder === "" ? "." : folder);
  await handle.sync();
}

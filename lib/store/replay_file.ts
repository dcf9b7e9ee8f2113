/**
 * The file of collected experience beside a checkpoint: safetensors,
 * compressed. There is one of each behavior, of its newest checkpoint.
 */
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { UserError } from "../errors.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { writeFileAtomically } from "../util/atomic_file.ts";
import { fileError } from "../util/file_error.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

const FORMAT = "deno-agents replay 1";

/** Most of it are floats, from which more effort gets little more. */
const level = constants.Z_BEST_SPEED;

/** Bytes that are compressed at once: some ten milliseconds. */
const packSize = 2 ** 18;

/**
 * Lets other work go on between one part and the next, so that a run is not
 * held up. Throws a `UserError` if the disk does not take it.
 */
export async function writeReplay(
  path: string,
  arrays: NamedArrays,
): Promise<void> {
  const pieces = encodeSafetensors({ arrays, metadata: { format: FORMAT } });
  const packed: Uint8Array[] = [];
  // Files one after the other unpack to their contents one after the other.
  for (const piece of pieces) {
    for (let begin = 0; begin < piece.length; begin += packSize) {
      const part = piece.subarray(begin, begin + packSize);
      packed.push(await promisify(gzip)(part, { level }));
      // Compressing keeps this thread, and a promise alone does not let it go.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await writeFileAtomically(path, packed);
}

/**
 * Reads a whole file; null where there is none. Throws a `UserError` that names
 * it if it is damaged.
 */
export async function readReplay(path: string): Promise<NamedArrays | null> {
  const packed = await Deno.readFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw fileError(`cannot read ${path}`, error);
  });
  if (packed === null) return null;
  try {
    const bytes = new Uint8Array(await promisify(gunzip)(packed));
    const { arrays, metadata } = decodeSafetensors(bytes, path);
    if (metadata.format === FORMAT) return arrays;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

function damaged(path: string, cause?: unknown): UserError {
  return new UserError({
    what: `${path} is not a whole replay buffer`,
    found: cause instanceof UserError
      ? cause.problems[0].found ?? "damage"
      : "compressed data that is cut short or changed",
    cure: "Remove the file to go on with an empty replay buffer, or use " +
      "another --run-id.",
  }, { cause });
}

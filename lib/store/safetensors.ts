/**
 * The safetensors file format: 8 bytes little-endian header length, a JSON
 * header with type, shape and place of each tensor, then the data. Equal
 * tensors give equal bytes, and every tensor starts at a multiple of its element
 * size, so that readers may map the file into memory.
 */
import type { NamedArray, NamedArrays, NumericArray } from "../util/arrays.ts";
import { fileError } from "../util/file_error.ts";
import {
  type ElementType,
  headerLength,
  parseHeader,
  type SafetensorsHeader,
  type TensorPlace,
} from "./safetensors_header.ts";

/** Named arrays and free text about them. */
export interface SafetensorsContent {
  readonly arrays: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The pieces of a safetensors file, to be written one after the other. Pieces
 * with data are views of the given arrays, not copies. Throws a `RangeError` for
 * an array whose length does not fit its shape.
 */
export function encodeSafetensors(
  { arrays, metadata }: SafetensorsContent,
): Uint8Array[] {
  const names = Object.keys(arrays).sort();
  // Large elements first: so all are aligned without gaps, which the format
  // forbids.
  const inFileOrder = names.toSorted((a, b) =>
    arrays[b].data.BYTES_PER_ELEMENT - arrays[a].data.BYTES_PER_ELEMENT
  );
  const offsets = new Map<string, readonly [begin: number, end: number]>();
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const name of inFileOrder) {
    const bytes = arrayBytes(name, arrays[name]);
    offsets.set(name, [end, end += bytes.length]);
    pieces.push(bytes);
  }
  const members = names.map((name) =>
    jsonMember(name, {
      dtype: elementType(arrays[name].data),
      shape: arrays[name].shape,
      data_offsets: offsets.get(name),
    })
  );
  const sortedMetadata = Object.entries(metadata).sort();
  if (sortedMetadata.length > 0) {
    members.unshift(
      jsonMember("__metadata__", Object.fromEntries(sortedMetadata)),
    );
  }
  return [encodeHeader(`{${members.join(",")}}`), ...pieces];
}

/** Reads a whole file. Throws a `UserError` that names it if it is damaged. */
export async function readSafetensors(
  path: string,
): Promise<SafetensorsContent> {
  const bytes = await Deno.readFile(path).catch((error) => {
    throw fileError(`cannot read ${path}`, error);
  });
  return decodeSafetensors(bytes, path);
}

/**
 * The content of a file's bytes. Throws a `UserError` that names the file if
 * they are damaged.
 */
export function decodeSafetensors(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): SafetensorsContent {
  const length = headerLength(bytes, bytes.length, path);
  const header = parseHeader(
    bytes.subarray(8, 8 + length),
    bytes.length,
    path,
  );
  return {
    arrays: Object.fromEntries(header.tensors.map((place) => [
      place.name,
      { data: tensorData(bytes, header, place), shape: place.shape },
    ])),
    metadata: header.metadata,
  };
}

/**
 * Reads and checks a file's header only, also against the file's size. Throws a
 * `UserError` that names the file if it is damaged.
 */
export async function readSafetensorsHeader(
  path: string,
): Promise<SafetensorsHeader> {
  try {
    using file = await Deno.open(path);
    const { size } = await file.stat();
    const length = headerLength(await readUpTo(file, 8), size, path);
    return parseHeader(await readUpTo(file, length), size, path);
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}

async function readUpTo(
  file: Deno.FsFile,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function arrayBytes(name: string, { data, shape }: NamedArray): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (name === "__metadata__" || count !== data.length) {
    throw new RangeError(
      `cannot store "${name}": ${data.length} values, shape [${shape}]`,
    );
  }
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** One member of a JSON object; an object would reorder number-like names. */
function jsonMember(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

/** Length and text, filled up with spaces so that the data is aligned. */
function encodeHeader(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, 8);
  return header;
}

function elementType(data: NumericArray): ElementType {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Uint32Array) return "U32";
  if (data instanceof BigInt64Array) return "I64";
  return "U8";
}

const ARRAY_TYPES = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;

/** A copy with its own buffer, which may be handed to another thread alone. */
function tensorData(
  file: Uint8Array<ArrayBuffer>,
  { dataStart }: SafetensorsHeader,
  { type, begin, end }: TensorPlace,
): NumericArray {
  const bytes = file.slice(dataStart + begin, dataStart + end);
  return new ARRAY_TYPES[type](bytes.buffer);
}

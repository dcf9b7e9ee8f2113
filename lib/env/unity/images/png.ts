/**
 * PNG files as Unity writes them, straight to their samples. The container
 * and its filters take two pages of code; the rest, which is zlib, comes with
 * Deno. Measured with Unity's pictures of 84 by 84 pixels, to values in
 * columns: 0.11 ms each, as with the one native library that was as fast (it
 * wants permissions to load code, to see the environment and to start
 * programs); 0.15 to 0.4 ms with libraries of JavaScript and WebAssembly.
 * Facts: PNG specification (third edition), chapters 5, 9 and 11.
 */
import { inflateSync } from "node:zlib";
import { ImageError } from "./image_error.ts";
import { undoFilters } from "./png_filters.ts";

/** What a PNG says about its picture. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 colors, 4 colors and alpha. */
  readonly channels: number;
  /** 1 or 2; two bytes are one number, the high byte first. */
  readonly bytesPerSample: number;
}

/** A decoded PNG. */
export interface Png extends PngHeader {
  /** `[height, 1 + width * channels * bytesPerSample]`; the 1 is no sample. */
  readonly rows: Uint8Array;
  /** Where the file's bytes end. */
  readonly end: number;
}

/** Bytes of a chunk besides its data: length, type and checksum. */
const CHUNK_FRAME = 12;
const SIGNATURE = [0x89504e47, 0x0d0a1a0a];
const IHDR = 0x49484452;
const IDAT = 0x49444154;
const IEND = 0x49454e44;
/** Signature and first chunk. */
const HEADER_END = 33;

/** Number of channels by color type; palettes (3) are not read. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** Room behind the samples that lets zlib end in one go. */
const SPARE = 64;

/** Reads what lies in front of the picture; throws an ImageError. */
export function readPngHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
): PngHeader {
  if (
    start + HEADER_END > end ||
    uint32(bytes, start) !== SIGNATURE[0] ||
    uint32(bytes, start + 4) !== SIGNATURE[1] ||
    uint32(bytes, start + 12) !== IHDR
  ) {
    throw new ImageError("compressed data that are no PNG", "PNG files");
  }
  const depth = bytes[start + 24];
  const channels = channelsOf[bytes[start + 25]];
  const isInterlaced = bytes[start + 28] !== 0;
  if (!channels || isInterlaced || (depth !== 8 && depth !== 16)) {
    throw new ImageError(
      `a PNG of color type ${bytes[start + 25]}, ${depth} bits` +
        (isInterlaced ? ", interlaced" : ""),
      "color types 0, 2, 4 and 6 (no palettes), 8 or 16 bits, not interlaced",
    );
  }
  return {
    width: uint32(bytes, start + 16),
    height: uint32(bytes, start + 20),
    channels,
    bytesPerSample: depth / 8,
  };
}

/**
 * Decodes the PNG at `start` among bytes that go on to `end`. Throws an
 * ImageError if it is damaged or not of the expected size: a wrong size is
 * found before memory is taken for it.
 */
export function decodePng(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  height: number,
): Png {
  const header = readPngHeader(bytes, start, end);
  if (header.width !== width || header.height !== height) {
    throw new ImageError(
      `a PNG of ${header.width} x ${header.height} pixels`,
      `${width} x ${height}, as the sensor's shape says`,
    );
  }
  const parts: Uint8Array[] = [];
  let at = start + HEADER_END;
  for (let type = IHDR; type !== IEND;) {
    if (at + CHUNK_FRAME > end) throw damaged("the file is cut off");
    const length = uint32(bytes, at);
    type = uint32(bytes, at + 4);
    if (at + CHUNK_FRAME + length > end) throw damaged("the file is cut off");
    if (type === IDAT) parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += CHUNK_FRAME + length;
  }
  const pixelSize = header.channels * header.bytesPerSample;
  const rowSize = 1 + width * pixelSize;
  const rows = inflate(parts, height * rowSize);
  if (!undoFilters(rows, height, rowSize, pixelSize)) {
    throw damaged("a row has an unknown filter");
  }
  return { ...header, rows, end: at };
}

/** Unpacks zlib data that must hold exactly `size` bytes. */
function inflate(parts: readonly Uint8Array[], size: number): Uint8Array {
  const packed = parts.length === 1 ? parts[0] : join(parts);
  let rows: Uint8Array;
  try {
    const room = size + SPARE;
    rows = inflateSync(packed, { chunkSize: room, maxOutputLength: room });
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : String(cause));
  }
  if (rows.length !== size) {
    throw damaged(`${rows.length} bytes of samples instead of ${size}`);
  }
  return rows;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function damaged(found: string): ImageError {
  return new ImageError(`a damaged PNG: ${found}`, "whole PNG files");
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) |
    (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

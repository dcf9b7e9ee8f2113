/**
 * The frames of HTTP/2 (RFC 9113, sections 4 and 6), as far as unary calls
 * that follow each other need them.
 */

/** What a client sends before its first frame. */
export const CONNECTION_PREFACE = new TextEncoder().encode(
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
);

export const FrameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const;

export const FrameFlag = {
  endStream: 1,
  acknowledged: 1,
  endHeaders: 4,
  padded: 8,
} as const;

export const Setting = { initialWindowSize: 4, maxFrameSize: 5 } as const;

/** Bytes in front of each frame's payload. */
const FRAME_HEADER_SIZE = 9;
/** Both sides may send so much until they hear otherwise. */
export const DEFAULT_WINDOW = 65_535;
export const DEFAULT_MAX_FRAME = 16_384;
export const MAX_WINDOW = 0x7fffffff;

/** One frame; the payload is a view of what has arrived. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

/** A whole frame. */
export function encodeFrame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array,
): Uint8Array {
  return join(encodeFrameHeader(type, flags, stream, payload.length), payload);
}

/** What comes before a frame's payload of `size` bytes. */
export function encodeFrameHeader(
  type: number,
  flags: number,
  stream: number,
  size: number,
): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_SIZE);
  header[0] = size >> 16;
  header[1] = size >> 8;
  header[2] = size;
  header[3] = type;
  header[4] = flags;
  putUint32(header, 5, stream);
  return header;
}

/** A SETTINGS frame with one setting. */
export function encodeSetting(setting: number, value: number): Uint8Array {
  const payload = new Uint8Array(6);
  payload[1] = setting;
  putUint32(payload, 2, value);
  return encodeFrame(FrameType.settings, 0, 0, payload);
}

/** Allows the other side to send `bytes` more on the connection. */
export function encodeWindowUpdate(bytes: number): Uint8Array {
  const payload = new Uint8Array(4);
  putUint32(payload, 0, bytes);
  return encodeFrame(FrameType.windowUpdate, 0, 0, payload);
}

/** Ends one stream early. */
export function encodeReset(stream: number, error: number): Uint8Array {
  const payload = new Uint8Array(4);
  putUint32(payload, 0, error);
  return encodeFrame(FrameType.resetStream, 0, stream, payload);
}

/**
 * Header fields in HPACK (RFC 7541, section 6.2.2): plain names and values of
 * up to 126 bytes, nothing for the other side to remember.
 */
export function encodeHeaders(fields: Readonly<Record<string, string>>) {
  const encoder = new TextEncoder();
  const block: number[] = [];
  for (const field of Object.entries(fields)) {
    block.push(0);
    for (const text of field) {
      const bytes = encoder.encode(text);
      block.push(bytes.length, ...bytes);
    }
  }
  return Uint8Array.from(block);
}

/** Big-endian, as everywhere in HTTP/2. */
export function getUint32(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] << 24) | (bytes[offset + 1] << 16) |
    (bytes[offset + 2] << 8) | bytes[offset + 3]) >>> 0;
}

export function putUint32(
  bytes: Uint8Array,
  offset: number,
  value: number,
): void {
  bytes[offset] = value >> 24;
  bytes[offset + 1] = value >> 16;
  bytes[offset + 2] = value >> 8;
  bytes[offset + 3] = value;
}

/**
 * Cuts what arrives into frames. A DATA frame comes out in as many pieces as it
 * arrives in, so that large ones are not copied together first; only its last
 * piece ends the stream.
 */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array();
  /** The DATA frame that is arriving, and how many bytes of it are to come. */
  #open = { flags: 0, stream: 0, left: 0 };

  /** Calls `take` for each frame, or piece of one, that this chunk brings. */
  read(chunk: Uint8Array, take: (frame: Frame) => void): void {
    const bytes = this.#rest.length > 0 ? join(this.#rest, chunk) : chunk;
    let at = this.#readPiece(bytes, 0, take);
    while (bytes.length - at >= FRAME_HEADER_SIZE) {
      const size = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
      const type = bytes[at + 3];
      const flags = bytes[at + 4];
      const stream = getUint32(bytes, at + 5) & MAX_WINDOW;
      const start = at + FRAME_HEADER_SIZE;
      if (bytes.length - start >= size) {
        const payload = bytes.subarray(start, start + size);
        take({ type, flags, stream, payload });
        at = start + size;
      } else if (type === FrameType.data && !(flags & FrameFlag.padded)) {
        this.#open = { flags, stream, left: size };
        at = this.#readPiece(bytes, start, take);
      } else break;
    }
    this.#rest = bytes.subarray(at);
  }

  /** Takes what there is of the open frame; returns where it ends. */
  #readPiece(
    bytes: Uint8Array,
    at: number,
    take: (frame: Frame) => void,
  ): number {
    const { flags, stream, left } = this.#open;
    const payload = bytes.subarray(at, at + left);
    if (payload.length === 0) return at;
    this.#open.left -= payload.length;
    take({
      type: FrameType.data,
      flags: this.#open.left > 0 ? flags & ~FrameFlag.endStream : flags,
      stream,
      payload,
    });
    return at + payload.length;
  }
}

/** Puts byte arrays one behind the other. */
export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

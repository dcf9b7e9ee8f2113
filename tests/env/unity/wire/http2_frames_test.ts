import assert from "node:assert/strict";
import {
  encodeFrame,
  encodeSetting,
  encodeWindowUpdate,
  type Frame,
  FrameFlag,
  FrameReader,
  FrameType,
  getUint32,
  join,
  putUint32,
  Setting,
} from "../../../../lib/env/unity/wire/http2_frames.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";

/** All frames and pieces in the chunks, with copies of their payloads. */
function readAll(chunks: readonly Uint8Array[]): Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    reader.read(
      chunk,
      (frame) => frames.push({ ...frame, payload: frame.payload.slice() }),
    );
  }
  return frames;
}

/** The payloads of DATA frames in a row as one; the last one's flags count. */
function joinPieces(frames: readonly Frame[]): Frame[] {
  const joined: Frame[] = [];
  for (const frame of frames) {
    const last = joined.at(-1);
    const isPiece = last?.type === FrameType.data &&
      frame.type === FrameType.data && frame.stream === last.stream;
    if (!isPiece) joined.push(frame);
    else {
      const payload = join(last.payload, frame.payload);
      joined.splice(-1, 1, { ...frame, payload });
    }
  }
  return joined;
}

Deno.test("frames have the layout of the standard", () => {
  assert.deepEqual(
    [...encodeFrame(FrameType.data, FrameFlag.endStream, 5, Uint8Array.of(9))],
    [0, 0, 1, 0, 1, 0, 0, 0, 5, 9],
  );
  assert.deepEqual(
    [...encodeSetting(Setting.initialWindowSize, 0x7fffffff)],
    [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff],
  );
  assert.deepEqual(
    [...encodeWindowUpdate(0x10203)],
    [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 1, 2, 3],
  );
});

Deno.test("numbers are big-endian and unsigned", () => {
  const bytes = new Uint8Array(6);
  putUint32(bytes, 1, 0xfedcba98);
  assert.deepEqual([...bytes], [0, 0xfe, 0xdc, 0xba, 0x98, 0]);
  assert.equal(getUint32(bytes, 1), 0xfedcba98);
});

Deno.test("frames come out whole, wherever the stream is cut", () => {
  const random = new RandomGenerator(1);
  for (const largestCut of [7, 5000, 1 << 20]) {
    const sent: Frame[] = [];
    for (let i = 0; i < 50; i++) {
      const isEmpty = random.integer(4) === 0;
      const size = Math.min(random.integer(10 * largestCut), 70_000);
      sent.push({
        type: random.integer(9),
        flags: random.integer(256),
        stream: random.integer(0x80000000),
        payload: new Uint8Array(isEmpty ? 0 : size).fill(i),
      });
    }
    const whole = join(
      ...sent.map((f) => encodeFrame(f.type, f.flags, f.stream, f.payload)),
    );
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < whole.length;) {
      const size = 1 + random.integer(largestCut);
      chunks.push(whole.slice(at, at + size));
      at += size;
    }
    assert.deepEqual(joinPieces(readAll(chunks)), sent);
  }
});

Deno.test("a DATA frame comes as it arrives, its end with the last piece", () => {
  const { data } = FrameType;
  const { endStream, padded } = FrameFlag;
  const frame = encodeFrame(data, endStream, 7, Uint8Array.of(1, 2, 3));
  const pieces = readAll([
    ...[frame.subarray(0, 9), frame.subarray(9, 10), frame.subarray(10)],
  ]);
  assert.deepEqual(pieces, [
    { type: data, flags: 0, stream: 7, payload: Uint8Array.of(1) },
    { type: data, flags: endStream, stream: 7, payload: Uint8Array.of(2, 3) },
  ]);
  // Padding stands at the end, so such a frame waits until it is whole.
  const long = encodeFrame(data, padded, 7, Uint8Array.of(1, 2, 0));
  assert.deepEqual(readAll([long.subarray(0, 10), long.subarray(10)]), [
    { type: data, flags: padded, stream: 7, payload: Uint8Array.of(1, 2, 0) },
  ]);
});

Deno.test("the reserved bit of a stream's number is ignored", () => {
  const frame = encodeFrame(FrameType.ping, 0, 0x80000003, new Uint8Array(8));
  assert.equal(readAll([frame])[0].stream, 3);
});

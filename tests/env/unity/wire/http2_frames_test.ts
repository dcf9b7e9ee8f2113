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

/** All frames in the chunks, with copies of their payloads. */
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
    assert.deepEqual(readAll(chunks), sent);
  }
});

Deno.test("the reserved bit of a stream's number is ignored", () => {
  const frame = encodeFrame(FrameType.ping, 0, 0x80000003, new Uint8Array(8));
  assert.equal(readAll([frame])[0].stream, 3);
});

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  PayloadReader,
  PayloadWriter,
} from "../../../../lib/env/unity/side_channels/payload.ts";

Deno.test("all kinds of values go there and back", () => {
  const bytes = new PayloadWriter().int32(-2).float32(0.25).string("wind")
    .float32s([1, -1]).bool(true).bool(false).raw(Uint8Array.of(5, 6)).finish();
  assert.deepEqual([...bytes], [
    ...[0xfe, 0xff, 0xff, 0xff],
    ...[0, 0, 0x80, 0x3e],
    ...[4, 0, 0, 0, 0x77, 0x69, 0x6e, 0x64],
    ...[2, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf],
    ...[1, 0, 5, 6],
  ]);
  const reader = new PayloadReader(bytes);
  assert.equal(reader.int32(), -2);
  assert.equal(reader.float32(), 0.25);
  assert.equal(reader.string(), "wind");
  assert.deepEqual(reader.float32s(), [1, -1]);
  assert.deepEqual([reader.bool(), reader.bool()], [true, false]);
  assert.equal(reader.remaining, 2);
  assert.deepEqual([...reader.raw(1)], [5]);
  assert.equal(reader.atEnd, false);
  assert.deepEqual([...reader.raw()], [6]);
  assert.equal(reader.atEnd, true);
});

Deno.test("past the end there are only defaults", () => {
  const reader = new PayloadReader(new Uint8Array());
  assert.equal(reader.bool(), false);
  assert.equal(reader.int32(), 0);
  assert.equal(reader.float32(), 0);
  assert.equal(reader.string(), "");
  assert.deepEqual(reader.float32s(), []);
  assert.deepEqual([...reader.raw()], []);
  assert.equal(reader.bool(true), true);
  assert.equal(reader.int32(3), 3);
  assert.equal(reader.float32(0.5), 0.5);
  assert.equal(reader.string("none"), "none");
  assert.deepEqual(reader.float32s([1, 2]), [1, 2]);
  // What is there counts, also where it equals Unity's default.
  const zeros = new PayloadReader(new Uint8Array(9));
  assert.equal(zeros.bool(true), false);
  assert.equal(zeros.int32(3), 0);
  assert.equal(zeros.string("none"), "");
});

Deno.test("values that are cut off are errors", () => {
  const cut = (bytes: number[]) => new PayloadReader(Uint8Array.from(bytes));
  assert.throws(() => cut([1, 0]).int32(), RangeError);
  assert.throws(() => cut([1, 0, 0]).float32(), RangeError);
  assert.throws(() => cut([5, 0, 0, 0, 65]).string(), RangeError);
  assert.throws(() => cut([0xff, 0xff, 0xff, 0xff]).string(), RangeError);
  assert.throws(() => cut([2, 0, 0, 0, 1, 2, 3, 4]).float32s(), RangeError);
  assert.throws(() => cut([0xff, 0xff, 0xff, 0x7f]).float32s(), RangeError);
  assert.throws(() => cut([1]).raw(2), /2 bytes where 1 are left/);
});

Deno.test("bytes are copied, those of a Buffer too", () => {
  for (const bytes of [Uint8Array.of(1, 2), Buffer.from([1, 2])]) {
    const writer = new PayloadWriter().raw(bytes);
    const taken = new PayloadReader(bytes).raw(2);
    bytes.fill(0);
    assert.deepEqual([...writer.finish()], [1, 2]);
    assert.deepEqual(taken, Uint8Array.of(1, 2));
  }
});

Deno.test("text outside ASCII is refused before Unity garbles it", () => {
  const refuse = (text: string, message: RegExp) =>
    assert.throws(() => new PayloadWriter().string(text), message);
  refuse("Größe", /outside ASCII.*"ö" in "Größe"/);
  refuse("a🌳", /found "🌳" in/);
  new PayloadWriter().string("\x7f");
});

Deno.test("numbers that an int32 cannot hold are refused", () => {
  for (const value of [0.5, NaN, 2 ** 31, -(2 ** 31) - 1, Infinity]) {
    assert.throws(
      () => new PayloadWriter().int32(value),
      /does not fit .*whole numbers/,
    );
  }
  for (const value of [2 ** 31 - 1, -(2 ** 31)]) {
    const reader = new PayloadReader(new PayloadWriter().int32(value).finish());
    assert.equal(reader.int32(), value);
  }
});

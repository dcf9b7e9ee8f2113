import assert from "node:assert/strict";
import {
  PayloadReader,
  PayloadWriter,
} from "../../../../lib/env/unity/side_channels/payload.ts";

Deno.test("all kinds of values go there and back", () => {
  const bytes = new PayloadWriter().int32(-2).float32(0.25).string("wind")
    .float32s([1, -1]).raw(Uint8Array.of(5)).finish();
  assert.equal(bytes.length, 4 + 4 + 8 + 12 + 1);
  const reader = new PayloadReader(bytes);
  assert.equal(reader.int32(), -2);
  assert.equal(reader.float32(), 0.25);
  assert.equal(reader.string(), "wind");
  assert.deepEqual(reader.float32s(), [1, -1]);
  assert.equal(reader.atEnd, false);
  assert.deepEqual([...reader.raw(1)], [5]);
  assert.equal(reader.atEnd, true);
});

Deno.test("past the end there is nothing but zeros", () => {
  const reader = new PayloadReader(new Uint8Array());
  assert.equal(reader.int32(), 0);
  assert.equal(reader.float32(), 0);
  assert.equal(reader.string(), "");
  assert.deepEqual(reader.float32s(), []);
});

Deno.test("values that are cut off are errors", () => {
  const cut = (bytes: number[]) => new PayloadReader(Uint8Array.from(bytes));
  assert.throws(() => cut([1, 0]).int32(), RangeError);
  assert.throws(() => cut([5, 0, 0, 0, 65]).string(), RangeError);
  assert.throws(() => cut([0xff, 0xff, 0xff, 0xff]).string(), RangeError);
  assert.throws(() => cut([2, 0, 0, 0, 1, 2, 3, 4]).float32s(), RangeError);
  assert.throws(() => cut([0xff, 0xff, 0xff, 0x7f]).float32s(), RangeError);
});

Deno.test("text outside ASCII is refused before Unity garbles it", () => {
  assert.throws(
    () => new PayloadWriter().string("Größe"),
    /outside ASCII.*"ö" in "Größe"/,
  );
});

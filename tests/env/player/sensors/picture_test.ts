import assert from "node:assert/strict";
import { decode } from "fast-png";
import { Picture } from "../../../../lib/env/player/sensors/picture.ts";

/** One row of two pixels. */
const row = { height: 1, width: 2 };

Deno.test("values are one channel behind the other, from 0 to 1", () => {
  const pixels = Uint8Array.of(255, 0, 51, 0, 102, 0);
  const color = new Picture({ ...row, depth: 3, pixels });
  assert.equal(color.channels, 3);
  assert.deepEqual(
    [...color.values],
    [1, 0, 0, 102 / 255, 51 / 255, 0].map(Math.fround),
  );
  const grey = new Picture({ ...row, depth: 3, pixels, isGrey: true });
  assert.equal(grey.channels, 1);
  // Means of (255, 0, 51) and (0, 102, 0).
  [102 / 255, 34 / 255].forEach((value, i) =>
    assert(Math.abs(grey.values[i] - value) < 1e-6)
  );
  // It is sent in color all the same.
  assert.deepEqual([...decode(grey.pngs[0]).data], [...pixels]);
});

Deno.test("channels beyond the last one repeat the file before", () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const picture = new Picture({ ...row, depth: 4, pixels });
  const files = picture.pngs.map((file) => decode(file));
  assert.deepEqual(files.map(({ channels }) => channels), [3, 3]);
  assert.deepEqual(files.map(({ data }) => [...data]), [
    [1, 2, 3, 5, 6, 7],
    [4, 2, 3, 8, 6, 7],
  ]);
});

Deno.test("all channels can go into one file of another kind", () => {
  for (const depth of [1, 2, 4]) {
    const pixels = Uint8Array.from({ length: 2 * depth }, (_, i) => i + 1);
    const picture = new Picture({ ...row, depth, pixels, isOneFile: true });
    const [file, ...others] = picture.pngs.map((each) => decode(each));
    assert.deepEqual(others, []);
    assert.equal(file.channels, depth);
    assert.deepEqual([...file.data], [...pixels]);
  }
});

Deno.test("the blackened picture is of the same kind", () => {
  const pixels = new Uint8Array(6).fill(9);
  const black = new Picture({ ...row, depth: 3, pixels, isGrey: true })
    .blackened();
  assert.equal(black.channels, 1);
  assert.deepEqual([...black.values], [0, 0]);
});

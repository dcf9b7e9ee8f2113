import assert from "node:assert/strict";
import { decodePng } from "../../../../lib/env/unity/images/png.ts";
import { ImageError } from "../../../../lib/env/unity/images/image_error.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";
import { joinPngs, makePng, type PngOptions } from "./make_png.ts";

/** The samples of a file of which everything is known. */
function samplesOf(bytes: Uint8Array, options: PngOptions): number[] {
  const { width, height, channels, depth = 8 } = options;
  const png = decodePng(bytes, 0, bytes.length, width, height);
  assert.deepEqual(
    [png.width, png.height, png.channels, png.bytesPerSample],
    [width, height, channels, depth / 8],
  );
  assert.equal(png.end, bytes.length);
  const rowSize = 1 + width * channels * depth / 8;
  const stored = Array.from({ length: height }, (_, y) => [
    ...png.rows.subarray(y * rowSize + 1, (y + 1) * rowSize),
  ]).flat();
  return depth === 8
    ? stored
    : Array.from({ length: stored.length / 2 }, (_, i) =>
      256 * stored[2 * i] + stored[2 * i + 1]);
}

Deno.test("pictures of all kinds, sizes and filters are read back", () => {
  const random = new RandomGenerator(1, "png test");
  for (let i = 0; i < 200; i++) {
    const options = {
      width: 1 + random.integer(9),
      height: 1 + random.integer(9),
      channels: 1 + random.integer(4),
      depth: random.integer(2) ? 16 : 8,
      filters: Array.from({ length: 5 }, () => random.integer(5)),
      parts: 1 + random.integer(3),
    };
    const { bytes, samples } = makePng(options);
    assert.deepEqual(samplesOf(bytes, options), samples, `picture ${i}`);
  }
});

Deno.test("a file is found among others, in shared memory too", () => {
  const first = makePng({ width: 2, height: 1, channels: 3 });
  const second = makePng({ width: 2, height: 1, channels: 1 });
  const bytes = new Uint8Array(new SharedArrayBuffer(4096));
  bytes.set(joinPngs(first, second), 7);
  const { end } = decodePng(bytes, 7, 4096, 2, 1);
  assert.equal(end, 7 + first.bytes.length);
  const png = decodePng(bytes, end, 4096, 2, 1);
  assert.deepEqual([...png.rows.subarray(1)], second.samples);
});

Deno.test("damage and strange kinds are named", () => {
  const options = { width: 4, height: 3, channels: 3, filters: [4] };
  const { bytes } = makePng(options);
  const changed = (at: number, value: number) => {
    const copy = bytes.slice();
    copy[at] = value;
    return copy;
  };
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /no PNG/],
    [changed(1, 0), /no PNG/],
    [bytes.subarray(0, 20), /no PNG/],
    [bytes.subarray(0, bytes.length - 5), /damaged PNG: the file is cut off/],
    [changed(33, 0xff), /damaged PNG: the file is cut off/],
    [changed(45, bytes[45] ^ 0xff), /damaged PNG/],
    [makePng({ ...options, height: 2 }).bytes, /4 x 2 pixels.*4 x 3/],
    [makePng({ ...options, header: { colorType: 3 } }).bytes, /color type 3/],
    [makePng({ ...options, header: { depth: 4 } }).bytes, /2, 4 bits/],
    [makePng({ ...options, header: { interlace: 1 } }).bytes, /interlaced/],
    [makePng({ ...options, header: { colorType: 0 } }).bytes, /instead of 15/],
    [makePng({ ...options, header: { colorType: 6 } }).bytes, /instead of 51/],
    [makePng({ ...options, filters: [7] }).bytes, /unknown filter/],
  ];
  for (const [damaged, message] of cases) {
    assert.throws(
      () => decodePng(damaged, 0, damaged.length, 4, 3),
      (error) => {
        assert(error instanceof ImageError);
        assert.match(
          `${error.problem.found}; ${error.problem.allowed}`,
          message,
        );
        return true;
      },
    );
  }
});

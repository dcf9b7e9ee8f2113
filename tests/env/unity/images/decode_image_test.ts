import assert from "node:assert/strict";
import {
  decodePngs,
  writeImage,
} from "../../../../lib/env/unity/images/decode_image.ts";
import { ImageError } from "../../../../lib/env/unity/images/image_error.ts";
import { planImage } from "../../../../lib/env/unity/images/image_plan.ts";
import { assertClose } from "../../../support/closeness.ts";
import { joinPngs, makePng } from "./make_png.ts";

type Shape = readonly [channels: number, height: number, width: number];

/** The image as the columns hold it, with values around it left alone. */
function decode(
  bytes: Uint8Array,
  shape: Shape,
  mapping: readonly number[] = [],
): number[] {
  const size = shape[0] * shape[1] * shape[2];
  const target = new Float32Array(size + 2).fill(-7);
  const plan = planImage(shape, mapping);
  const pngs = decodePngs(bytes, 0, bytes.length, plan);
  writeImage(pngs, plan, target, 1);
  assert.deepEqual([target[0], target[size + 1]], [-7, -7]);
  return [...target.subarray(1, size + 1)];
}

/** A picture of one pixel. */
const pixel = (...samples: number[]) =>
  makePng({ width: 1, height: 1, channels: samples.length, samples });

Deno.test("two stacked grey cameras: the protocol's worked example", () => {
  const files = joinPngs(pixel(30, 60, 90), pixel(255, 255, 255));
  const image = decode(files, [2, 1, 1], [0, 0, 0, 1, 1, 1]);
  assertClose(image, [0.23529, 1], 5e-6);
  assert.equal(image[0], Math.fround(60 / 255));
});

Deno.test("colors come as planes, top row first, 0 to 1", () => {
  const { bytes } = makePng({
    width: 2,
    height: 2,
    channels: 3,
    samples: [...[255, 0, 51], ...[1, 2, 3], ...[4, 5, 6], ...[7, 8, 9]],
  });
  assert.deepEqual(
    decode(bytes, [3, 2, 2]),
    [255, 1, 4, 7, 0, 2, 5, 8, 51, 3, 6, 9].map((v) => Math.fround(v / 255)),
  );
});

Deno.test("grey is the plain mean of the first file's channels", () => {
  const files = joinPngs(pixel(10, 20, 60), pixel(200, 200, 200));
  assert.deepEqual(decode(files, [1, 1, 1]), [Math.fround(30 / 255)]);
  assert.deepEqual(decode(pixel(77).bytes, [1, 1, 1]), [Math.fround(77 / 255)]);
});

Deno.test("files are joined, surplus channels at the end dropped", () => {
  const grid = joinPngs(pixel(1, 2, 3), pixel(4, 99, 98));
  assert.deepEqual(
    decode(grid, [4, 1, 1]),
    [1, 2, 3, 4].map((v) => Math.fround(v / 255)),
  );
  // Files with four channels, and with one.
  assert.deepEqual(
    decode(joinPngs(pixel(1, 2, 3, 4), pixel(5)), [5, 1, 1]),
    [1, 2, 3, 4, 5].map((v) => Math.fround(v / 255)),
  );
});

Deno.test("a stacked grid of four channels", () => {
  const files = joinPngs(
    pixel(1, 2, 3),
    pixel(4, 9, 9),
    pixel(11, 12, 13),
    pixel(14, 9, 9),
  );
  const mapping = [0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1];
  assert.deepEqual(
    decode(files, [8, 1, 1], mapping),
    [1, 2, 3, 4, 11, 12, 13, 14].map((v) => Math.fround(v / 255)),
  );
});

Deno.test("frames missing after a reset are black, and the oldest", () => {
  const mapping = [0, 1, 2, 3, -1, -1, 4, 5, 6, 7, -1, -1];
  const files = joinPngs(pixel(0, 0, 0), pixel(11, 12, 13), pixel(14, 9, 9));
  assert.deepEqual(
    decode(files, [8, 1, 1], mapping),
    [0, 0, 0, 0, 11, 12, 13, 14].map((v) => Math.fround(v / 255)),
  );
  // Means as well: the missing channels count as zeros.
  assert.deepEqual(
    decode(pixel(40, 40, 40).bytes, [2, 1, 1], [0, 0, 0, 1, 1, 1]),
    [0, Math.fround(40 / 255)],
  );
});

Deno.test("channels may be mixed in any way", () => {
  const files = joinPngs(pixel(10, 20, 30), pixel(40, 50, 60));
  assert.deepEqual(
    decode(files, [3, 1, 1], [2, -1, 0, 1, 0, -1]),
    [40, 40, 10].map((v) => Math.fround(v / 255)),
  );
});

Deno.test("samples of 16 bits", () => {
  const wide = (...samples: number[]) =>
    makePng({ width: 1, height: 1, channels: 3, depth: 16, samples });
  const file = wide(65535, 32768, 257);
  assertClose(
    decode(file.bytes, [3, 1, 1]),
    [1, 32768 / 65535, 1 / 255],
    1e-7,
  );
  assertClose(
    decode(file.bytes, [1, 1, 1]),
    [(65535 + 32768 + 257) / 3 / 65535],
    1e-7,
  );
});

Deno.test("channels, mappings and sizes that do not fit are named", () => {
  const cases: [() => unknown, RegExp][] = [
    [() => decode(pixel(1, 2, 3).bytes, [4, 1, 1]), /3 channels in 1 .*4, as/],
    [() => decode(pixel(1).bytes, [3, 1, 1]), /1 channels in 1 PNG.*3, as/],
    [() => decode(new Uint8Array(), [3, 1, 1]), /0 channels in 0 PNG/],
    [() => decode(pixel(1, 2, 3).bytes, [3, 1, 2]), /1 x 1 pixels.*2 x 1/],
    [() => decode(pixel(1, 2, 3).bytes, [2, 1, 1], [0, 1]), /3 ch.*2, as/],
    [() => planImage([2, 1, 1], [0, 0, 0]), /mapping \[0, 0, 0\].*0 to 1/],
    [() => planImage([2, 1, 1], [0, 2, -1]), /mapping \[0, 2, -1\]/],
    [() => planImage([2, 1, 1], [0, 1, 2]), /mapping \[0, 1, 2\]/],
    [() => planImage([1, 1, 1], [-1, -1, -1]), /mapping/],
    [
      () =>
        decode(joinPngs(pixel(1, 2, 3), { bytes: Uint8Array.of(0) }), [
          6,
          1,
          1,
        ]),
      /no PNG/,
    ],
  ];
  for (const [act, message] of cases) {
    assert.throws(act, (error) => {
      assert(error instanceof ImageError);
      const { found, allowed } = error.problem;
      assert.match(`${found}; ${allowed}`, message);
      return true;
    });
  }
});

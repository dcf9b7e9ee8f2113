import assert from "node:assert/strict";
import {
  finishImages,
  helpWithImages,
  type ImageJob,
  shareImages,
} from "../../../../lib/env/unity/images/image_jobs.ts";
import { planImage } from "../../../../lib/env/unity/images/image_plan.ts";
import { joinPngs, makePng } from "./make_png.ts";

/** Pictures of one grey pixel, each of another level. */
function pixels(levels: readonly number[]) {
  const files = levels.map((level) =>
    makePng({ width: 1, height: 1, channels: 1, samples: [level] })
  );
  const bytes = joinPngs(...files);
  const target = new Float32Array(
    new SharedArrayBuffer(4 * levels.length),
  ).fill(-1);
  const plan = planImage([1, 1, 1], []);
  let start = 0;
  const jobs = files.map((file, offset): ImageJob => {
    const end = start + file.bytes.length;
    const job = { start, end, plan, target, offset };
    start = end;
    return job;
  });
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  const levelsSeen = () => [...target].map((value) => Math.round(value * 255));
  return { jobs, bytes, target, levelsSeen, shared };
}

Deno.test("a helper does what nobody has done", () => {
  const { jobs, bytes, levelsSeen, shared } = pixels([1, 2, 3]);
  const images = shareImages(jobs, bytes, shared);
  helpWithImages(images);
  assert.deepEqual(levelsSeen(), [1, 2, 3]);
  finishImages(images, () => assert.fail("nothing is left"));
});

Deno.test("without a helper everything is decoded, the first one first", () => {
  const { jobs, bytes, levelsSeen, shared } = pixels([1, 2, 3]);
  const images = shareImages(jobs, bytes, shared);
  const own: number[] = [];
  finishImages(images, (job) => own.push(job));
  assert.deepEqual(own, [0, 1, 2]);
  // A helper that comes too late touches nothing.
  helpWithImages(images);
  assert.deepEqual(levelsSeen(), [-255, -255, -255]);
});

Deno.test("an image is taken back from a helper that gets no time", () => {
  const { jobs, bytes, levelsSeen, shared } = pixels([1, 2, 3]);
  const images = shareImages(jobs, bytes, shared);
  // The state of a job whose PNG files a helper decodes.
  const decoding = 1;
  Atomics.store(images.states, 2, decoding);
  const own: number[] = [];
  finishImages(images, (job) => own.push(job));
  assert.deepEqual(own, [0, 1, 2]);
  helpWithImages(images);
  assert.deepEqual(levelsSeen(), [-255, -255, -255]);
});

Deno.test("what a helper cannot decode is decoded again, to say why", () => {
  const { jobs, bytes, levelsSeen, shared } = pixels([1, 2, 3]);
  bytes[jobs[1].start] = 0;
  const images = shareImages(jobs, bytes, shared);
  helpWithImages(images);
  assert.deepEqual(levelsSeen(), [1, -255, 3]);
  assert.throws(
    () =>
      finishImages(images, (job) => {
        throw new Error(`job ${job}`);
      }),
    /job 1/,
  );
});

Deno.test("after an error no helper writes any more", () => {
  const { jobs, bytes, levelsSeen, shared } = pixels([1, 2, 3]);
  const images = shareImages(jobs, bytes, shared);
  assert.throws(
    () =>
      finishImages(images, () => {
        throw new Error("damaged");
      }),
    /damaged/,
  );
  helpWithImages(images);
  assert.deepEqual(levelsSeen(), [-255, -255, -255]);
});

import assert from "node:assert/strict";
import { createAgentColumns } from "../../../../lib/env/columns.ts";
import { ImageBatch } from "../../../../lib/env/unity/images/image_batch.ts";
import type { ImageError } from "../../../../lib/env/unity/images/image_error.ts";
import { planImage } from "../../../../lib/env/unity/images/image_plan.ts";
import type { BehaviorSpec } from "../../../../lib/spec.ts";
import { joinPngs, makePng } from "./make_png.ts";

const [width, height] = [60, 50];
const spec: BehaviorSpec = {
  observationSpecs: [{
    name: "camera",
    shape: [3, height, width],
    dimensionProperties: [1, 2, 2],
    observationType: "default",
  }],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

/** A message of pictures, one for each agent, and the columns they go to. */
function message(agents: number) {
  const pngs = Array.from(
    { length: agents },
    () => makePng({ width, height, channels: 3, filters: [4, 2] }),
  );
  const columns = createAgentColumns(spec, agents, { sharesImages: true });
  const plan = planImage([3, height, width], []);
  let start = 0;
  const images = pngs.map(({ bytes }, row) => {
    columns.addRow(row);
    const end = start + bytes.length;
    const image = {
      start,
      end,
      plan,
      columns,
      sensor: 0,
      row,
      describe: ({ problem }: ImageError) =>
        new Error(`agent ${row}: ${problem.found}`),
    };
    start = end;
    return image;
  });
  return { pngs, columns, images, bytes: joinPngs(...pngs) };
}

/** Checks every value of an agent's picture. */
function assertPicture(
  values: Float32Array,
  row: number,
  samples: readonly number[],
): void {
  const size = 3 * height * width;
  const picture = values.subarray(row * size, (row + 1) * size);
  const expected = new Float32Array(size);
  samples.forEach((sample, i) => {
    expected[i % 3 * height * width + Math.floor(i / 3)] = sample / 255;
  });
  assert.deepEqual(picture.slice(), expected, `picture ${row}`);
}

Deno.test("one thread and several make the same of a message", async () => {
  const batch = new ImageBatch();
  try {
    for (const agents of [1, 2, 12, 12, 12, 3]) {
      const { pngs, columns, images, bytes } = message(agents);
      images.forEach((image) => batch.add(image));
      batch.decode(bytes);
      pngs.forEach(({ samples }, row) =>
        assertPicture(columns.observations[0], row, samples)
      );
      // Time for the other threads to start.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    batch.close();
  }
});

Deno.test("a picture that cannot be decoded names its agent", async () => {
  const batch = new ImageBatch();
  try {
    for (let round = 0; round < 3; round++) {
      const { images, bytes } = message(12);
      bytes[images[7].start] = 0;
      images.forEach((image) => batch.add(image));
      assert.throws(() => batch.decode(bytes), /agent 7: .*no PNG/);
      batch.clear();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { pngs, columns, images, bytes } = message(12);
    images.forEach((image) => batch.add(image));
    batch.decode(bytes);
    assertPicture(columns.observations[0], 11, pngs[11].samples);
  } finally {
    batch.close();
  }
});

Deno.test("rows that are taken out need no picture; others move up", () => {
  const batch = new ImageBatch();
  const { pngs, columns, images, bytes } = message(3);
  images.forEach((image) => batch.add(image));
  // What is not decoded may be damaged.
  bytes.fill(0, images[1].start, images[1].end);
  columns.removeRow(1);
  batch.removeRow(columns, 1);
  batch.decode(bytes);
  assertPicture(columns.observations[0], 0, pngs[0].samples);
  assertPicture(columns.observations[0], 1, pngs[2].samples);
  batch.close();
});

Deno.test("several users share threads, which end with the last one", () => {
  const batches = [new ImageBatch(), new ImageBatch()];
  for (const batch of batches) {
    const { images, bytes } = message(4);
    images.forEach((image) => batch.add(image));
    batch.decode(bytes);
  }
  batches[0].close();
  const { pngs, columns, images, bytes } = message(4);
  images.forEach((image) => batches[1].add(image));
  batches[1].decode(bytes);
  assertPicture(columns.observations[0], 3, pngs[3].samples);
  batches[1].close();
  batches[1].close();
});

import assert from "node:assert/strict";
import {
  cutSequences,
  drawMinibatches,
  type Sequences,
} from "../../lib/train/sequences.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const segments = [
  { rows: Int32Array.of(10, 12, 14), bootstrapRow: -1 },
  { rows: Int32Array.of(11, 15), bootstrapRow: 16 },
];

const single = cutSequences(segments, 1);

const generator = (seed = 1) => new RandomGenerator(seed, "shuffle");

Deno.test("segments are cut from their start and padded at their end", () => {
  // 9 rows of length 4 make 3 sequences, the last with one real row.
  const nine = [{ rows: Int32Array.from(Array(9).keys()), bootstrapRow: -1 }];
  assert.deepEqual(cutSequences(nine, 4), {
    length: 4,
    sizes: Int32Array.of(4, 4, 1),
    rows: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8),
  });
  assert.deepEqual(cutSequences(segments, 2), {
    length: 2,
    sizes: Int32Array.of(2, 1, 2),
    rows: Int32Array.of(10, 12, 14, 14, 11, 15),
  });
  assert.deepEqual(cutSequences([], 2).sizes.length, 0);
});

Deno.test("sequences of one step are the rows, one by one", () => {
  assert.deepEqual(single, {
    length: 1,
    sizes: new Int32Array(5).fill(1),
    rows: Int32Array.of(10, 12, 14, 11, 15),
  });
});

Deno.test("every epoch shuffles all rows and drops its remainder", () => {
  const settings = { batch_size: 2, num_epoch: 50 };
  const { rows: { data, shape } } = drawMinibatches(
    single,
    settings,
    generator(),
  );
  assert.deepEqual(shape, [100, 2]);
  const counts = new Map<number, number>();
  const orders = new Set<string>();
  for (let epoch = 0; epoch < 50; epoch++) {
    const rows = data.subarray(epoch * 4, epoch * 4 + 4);
    assert.equal(new Set(rows).size, 4, "no row twice in an epoch");
    orders.add(rows.join());
    for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  assert(orders.size > 30);
  const used = [...counts.keys()].sort();
  assert.deepEqual(used, [10, 11, 12, 14, 15]);
  // Each row is the dropped one in about 10 of 50 epochs.
  for (const count of counts.values()) assert(count > 25 && count < 50);
});

Deno.test("minibatches are whole sequences; padding has no share", () => {
  // Real steps of the sequences 0 to 4: 3, 1, 2, 3, 2.
  const sequences: Sequences = {
    length: 3,
    sizes: Int32Array.of(3, 1, 2, 3, 2),
    rows: Int32Array.from(Array(15).keys()),
  };
  // 8 rows have place for two sequences: 6 rows.
  const settings = { batch_size: 8, num_epoch: 3 };
  const drawn = drawMinibatches(sequences, settings, generator());
  assert.deepEqual(drawn.rows.shape, [6, 6]);
  assert.deepEqual(drawn.sequences.shape, [6, 2]);
  assert.deepEqual(drawn.share.shape, [6, 6]);
  for (let minibatch = 0; minibatch < 6; minibatch++) {
    const of = ({ data }: { data: Int32Array | Float32Array }, width: number) =>
      Array.from(
        data.subarray(minibatch * width, (minibatch + 1) * width),
        Number,
      );
    const chosen = of(drawn.sequences, 2);
    const rows = chosen.flatMap((n) => [3 * n, 3 * n + 1, 3 * n + 2]);
    assert.deepEqual(of(drawn.rows, 6), rows);
    const sizes = chosen.map((n) => sequences.sizes[n]);
    const share = sizes.flatMap((size) =>
      [0, 1, 2].map((step) =>
        step < size ? Math.fround(1 / (sizes[0] + sizes[1])) : 0
      )
    );
    assert.deepEqual(of(drawn.share, 6), share);
  }
  // Four of the five sequences in each epoch, none twice.
  for (let epoch = 0; epoch < 3; epoch++) {
    const { data } = drawn.sequences;
    const used = new Set(data.subarray(4 * epoch, 4 * epoch + 4));
    assert.equal(used.size, 4);
  }
});

Deno.test("too few rows make no minibatch", () => {
  const settings = { batch_size: 6, num_epoch: 3 };
  const { rows, share } = drawMinibatches(single, settings, generator());
  assert.deepEqual([rows.data.length, rows.shape], [0, [0, 6]]);
  assert.deepEqual([share.data.length, share.shape], [0, [0, 6]]);
});

Deno.test("the same generator gives the same minibatches", () => {
  const draw = (seed: number) =>
    drawMinibatches(single, { batch_size: 2, num_epoch: 9 }, generator(seed));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

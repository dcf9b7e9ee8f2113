import assert from "node:assert/strict";
import { MateTable } from "../../lib/data/mate_table.ts";
import {
  drawMoments,
  findMoments,
  type Moments,
} from "../../lib/train/moments.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";

const segmentOf = (...rows: number[]) => ({
  rows: Int32Array.from(rows),
  bootstrapRow: -1,
});

function tableOf(mates: readonly (readonly number[])[]): MateTable {
  const table = new MateTable(mates.length);
  mates.forEach((each, row) => table.set(row, each));
  return table;
}

/** Lists of members, `*` behind those that are learned from. */
const written = ({ places, rows, learned }: Moments) =>
  Array.from({ length: rows.length / places }, (_, moment) => {
    const start = moment * places;
    return Array.from(
      rows.subarray(start, start + places),
      (row, i) => `${row}${learned[start + i] ? "*" : ""}`,
    ).join(" ");
  });

Deno.test("rows that see the same members are one moment", () => {
  // Three members, of whom row 2 is not finished; two later; one alone.
  const groups = tableOf([[1, 2], [2, 0], [0, 1], [4], [3], []]);
  const segments = [segmentOf(0, 3), segmentOf(1, 4), segmentOf(5)];
  assert.deepEqual(written(findMoments(segments, groups, 3)), [
    "0* 1* 2",
    "3* 4* -1",
    "5* -1 -1",
  ]);
  // Larger groups may have been before.
  assert.deepEqual(written(findMoments([segmentOf(5)], groups, 4)), [
    "5* -1 -1 -1",
  ]);
});

Deno.test("who sees other members has another moment, and is learned from once", () => {
  // Row 1 has forgotten row 2, which has not forgotten it.
  const groups = tableOf([[1, 2], [0], [0, 1]]);
  const segments = [segmentOf(0, 1, 2)];
  assert.deepEqual(written(findMoments(segments, groups, 3)), [
    "0* 1 2*",
    "0 1* -1",
  ]);
});

Deno.test("agents without groups are moments of one place", () => {
  const nobody = { mates: new Int32Array(0), widest: 0 };
  const moments = findMoments([segmentOf(2, 0)], nobody, 1);
  assert.deepEqual(written(moments), ["2*", "0*"]);
});

/**
 * Rounds of some groups: members come and die, not all decide in every round,
 * some rows are not finished, and some rows are forgotten altogether.
 */
function play(random: RandomGenerator) {
  const mates: number[][] = [];
  const groups = Array.from({ length: 3 }, () => 1 + random.integer(4));
  for (let round = 0; round < 12; round++) {
    groups.forEach((members, group) => {
      const rows: number[] = [];
      for (let agent = 0; agent < members; agent++) {
        if (random.uniform() < 0.8) rows.push(mates.length + rows.length);
      }
      for (const row of rows) mates.push(rows.filter((mate) => mate !== row));
      const change = random.integer(5);
      if (change === 0 && members > 0) groups[group]--;
      if (change === 1 && members < 5) groups[group]++;
    });
  }
  const forgotten = new Set<number>();
  const finished: number[] = [];
  mates.forEach((_, row) => {
    const fate = random.integer(8);
    if (fate === 0) forgotten.add(row);
    if (fate > 1) finished.push(row);
  });
  const left = mates.map((each) => each.filter((row) => !forgotten.has(row)));
  const half = finished.length >> 1;
  const segments = [
    segmentOf(...finished.slice(half)),
    segmentOf(...finished.slice(0, half)),
  ];
  return { groups: tableOf(left), segments, finished, mates: left };
}

Deno.test("any rows are learned from once, among whom they see", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new RandomGenerator(seed, "moments");
    const { groups, segments, finished, mates } = play(random);
    const places = groups.widest + 1 + random.integer(2);
    const moments = findMoments(segments, groups, places);
    const { rows, learned } = moments;
    const counted: number[] = [];
    const seen = new Set<string>();
    for (let start = 0; start < rows.length; start += places) {
      const own = [...rows.subarray(start, start + places)];
      const members = own.filter((row) => row >= 0);
      // Nobody comes last.
      assert.deepEqual(own.slice(0, members.length), members);
      own.forEach((row, place) => {
        if (!learned[start + place]) return;
        counted.push(row);
        const known = [row, ...mates[row]].sort((a, b) => a - b);
        assert.deepEqual(members, known, `seed ${seed}, row ${row}`);
      });
      // No moment is there twice or for nothing.
      assert(learned.subarray(start, start + places).includes(1));
      seen.add(members.join());
    }
    assert.equal(seen.size, rows.length / places);
    assert.deepEqual(counted.sort((a, b) => a - b), finished);
    checkDraws(moments, finished.length, random);
  }
});

/** Minibatches of whole moments, each at most once in an epoch. */
function checkDraws(
  moments: Moments,
  total: number,
  random: RandomGenerator,
): void {
  const { places } = moments;
  const all = new Set(written(moments));
  const settings = { batch_size: 4 + random.integer(12), num_epoch: 2 };
  const drawn = drawMoments(moments, settings, random);
  const [minibatches, perBatch, width] = drawn.absent.shape;
  // As many as of single rows, with as many rows on average.
  const perEpoch = Math.floor(total / settings.batch_size);
  assert.equal(minibatches, 2 * perEpoch);
  const mean = perBatch * total / all.size;
  assert(mean <= settings.batch_size);
  assert(mean > settings.batch_size - total / all.size);
  assert.equal(width, places);
  assert.deepEqual(drawn.rows.shape, [minibatches, perBatch * places]);
  assert.deepEqual(drawn.share.shape, [minibatches, perBatch * places]);
  const absent = [...drawn.absent.data];
  const found = written({
    places,
    rows: drawn.rows.data.map((row, i) => absent[i] ? -1 : row),
    learned: Uint8Array.from(drawn.share.data, (share) => share > 0 ? 1 : 0),
  });
  for (const epoch of [0, 1]) {
    const each = perEpoch * perBatch;
    const own = found.slice(epoch * each, (epoch + 1) * each);
    assert.equal(new Set(own).size, each);
    for (const moment of own) assert(all.has(moment), moment);
  }
  const batch = perBatch * places;
  for (let start = 0; start < absent.length; start += batch) {
    const share = drawn.share.data.subarray(start, start + batch);
    const real = [...share].filter((each) => each > 0);
    assertClose(real, real.map(() => 1 / real.length), 1e-7);
  }
}

const pairs: Moments = {
  places: 2,
  rows: Int32Array.from(Array(20).keys()),
  learned: new Uint8Array(20).fill(1),
};

Deno.test("every epoch shuffles anew; a generator gives the same again", () => {
  const settings = { batch_size: 6, num_epoch: 20 };
  const draw = (seed: number) =>
    drawMoments(pairs, settings, new RandomGenerator(seed, "shuffle"));
  const { rows } = draw(1);
  // Three of ten pairs in each, three minibatches of an epoch.
  assert.deepEqual(rows.shape, [60, 6]);
  const epochs = new Set(
    Array.from(
      { length: 20 },
      (_, i) => rows.data.subarray(18 * i, 18 * (i + 1)).join(),
    ),
  );
  assert.equal(epochs.size, 20);
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

Deno.test("too few rows make no minibatch, a group too large one of its own", () => {
  const draw = (batch_size: number) =>
    drawMoments(
      pairs,
      { batch_size, num_epoch: 1 },
      new RandomGenerator(1, "shuffle"),
    );
  assert.deepEqual([draw(21).rows.data.length, draw(21).rows.shape[0]], [0, 0]);
  const single = draw(1);
  assert.deepEqual(single.rows.shape, [10, 2]);
  assert.deepEqual([...single.share.data], new Array(20).fill(0.5));
});

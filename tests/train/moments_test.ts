import assert from "node:assert/strict";
import { absentName, momentSizes } from "../../lib/algo/judge_moments.ts";
import { MateTable } from "../../lib/data/mate_table.ts";
import {
  drawMoments,
  findMoments,
  type Moments,
} from "../../lib/train/moments.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";

function tableOf(mates: readonly (readonly number[])[]): MateTable {
  const table = new MateTable(mates.length);
  mates.forEach((each, row) => table.set(row, each));
  return table;
}

/** Lists of members by size, `*` behind those that are meant. */
const written = (all: readonly Moments[]) =>
  all.map(({ size, rows, own }) =>
    Array.from({ length: rows.length / size }, (_, moment) => {
      const start = moment * size;
      return Array.from(
        rows.subarray(start, start + size),
        (row, i) => `${row}${own[start + i] ? "*" : ""}`,
      ).join(" ");
    })
  );

Deno.test("rows that see the same members are one moment", () => {
  // Three members, of whom row 2 is not meant; two later; one alone.
  const groups = tableOf([[1, 2], [2, 0], [0, 1], [4], [3], []]);
  assert.deepEqual(written(findMoments([0, 3, 1, 4, 5], groups, 3)), [
    ["5*"],
    ["3* 4*"],
    ["0* 1* 2"],
  ]);
  // Larger groups may have been before.
  assert.deepEqual(written(findMoments([5], groups, 4)), [["5*"], [], []]);
});

Deno.test("groups between two sizes are padded", () => {
  const three = [0, 1, 2].map((row) => [0, 1, 2].filter((x) => x !== row));
  const moments = findMoments([0, 1, 2], tableOf(three), 5);
  assert.deepEqual(moments.map(({ size }) => size), [1, 2, 3, 5]);
  assert.deepEqual(written(findMoments([0, 1, 2], tableOf(three), 4)), [
    [],
    [],
    ["0* 1* 2* -1"],
  ]);
});

Deno.test("who sees other members has another moment, and is meant once", () => {
  // Row 1 has forgotten row 2, which has not forgotten it.
  const groups = tableOf([[1, 2], [0], [0, 1]]);
  assert.deepEqual(written(findMoments([0, 1, 2], groups, 3)), [
    [],
    ["0 1*"],
    ["0* 1 2*"],
  ]);
});

Deno.test("agents without groups are moments of one place", () => {
  const nobody = { mates: new Int32Array(0), widest: 0 };
  assert.deepEqual(written(findMoments([2, 0], nobody, 1)), [["2*", "0*"]]);
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
  return { groups: tableOf(left), finished, mates: left };
}

Deno.test("any rows are meant once, among whom they see", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new RandomGenerator(seed, "moments");
    const { groups, finished, mates } = play(random);
    const places = groups.widest + 1 + random.integer(2);
    const moments = findMoments(finished, groups, places);
    assert.deepEqual(moments.map(({ size }) => size), momentSizes(places));
    const counted: number[] = [];
    const seen = new Set<string>();
    moments.forEach(({ size, rows, own }, i) => {
      for (let start = 0; start < rows.length; start += size) {
        const all = [...rows.subarray(start, start + size)];
        const members = all.filter((row) => row >= 0);
        // Nobody comes last, and no smaller size would do.
        assert.deepEqual(all.slice(0, members.length), members);
        assert(i === 0 || members.length > moments[i - 1].size);
        all.forEach((row, place) => {
          if (!own[start + place]) return;
          counted.push(row);
          const known = [row, ...mates[row]].sort((a, b) => a - b);
          assert.deepEqual(members, known, `seed ${seed}, row ${row}`);
        });
        // No moment is there twice or for nothing.
        assert(own.subarray(start, start + size).includes(1));
        assert(!seen.has(members.join()));
        seen.add(members.join());
      }
    });
    assert.deepEqual(counted.sort((a, b) => a - b), finished);
    checkDraws(moments, finished.length, random);
  }
});

/** Minibatches of whole moments, each at most once in an epoch. */
function checkDraws(
  moments: readonly Moments[],
  total: number,
  random: RandomGenerator,
): void {
  const settings = { batch_size: 4 + random.integer(12), num_epoch: 2 };
  const drawn = drawMoments(moments, settings, random);
  const [minibatches, width] = drawn.rows.shape;
  // As many as of single rows.
  const perEpoch = Math.floor(total / settings.batch_size);
  assert.equal(minibatches, 2 * perEpoch);
  assert.deepEqual(drawn.share.shape, [minibatches, width]);
  const kept = perEpoch * settings.batch_size / total;
  let start = 0;
  moments.forEach((each, i) => {
    const { size } = each;
    const absent = drawn[absentName(size)];
    const [, perBatch] = absent.shape;
    assert.deepEqual(absent.shape, [minibatches, perBatch, size]);
    const [all] = written([each]);
    for (const epoch of [0, 1]) {
      const counts: number[] = [];
      const found = Array.from({ length: perEpoch }, (_, turn) => {
        const minibatch = epoch * perEpoch + turn;
        const from = minibatch * width + start;
        const learned = drawn.share.data.subarray(from, from + perBatch * size);
        const missing = absent.data.subarray(
          minibatch * perBatch * size,
          (minibatch + 1) * perBatch * size,
        );
        const [own] = written([{
          size,
          rows: drawn.rows.data.slice(from, from + perBatch * size)
            .map((row, k) => missing[k] ? -1 : row),
          own: Uint8Array.from(learned, (share) => share > 0 ? 1 : 0),
        }]);
        const real = own.filter((moment) => moment.includes("*"));
        // In all other places there is nobody.
        const nobody = new Array(size).fill("-1").join(" ");
        const others = own.filter((moment) => !real.includes(moment));
        assert(others.every((moment) => moment === nobody), `${others}`);
        counts.push(real.length);
        return real;
      }).flat();
      // Whole moments, none twice, evenly dealt, most of them.
      for (const moment of found) assert(all.includes(moment), moment);
      assert.equal(new Set(found).size, found.length);
      assert.equal(found.length, Math.round(kept * all.length), `size ${i}`);
      assert(Math.max(...counts) - Math.min(...counts) <= 1);
    }
    start += perBatch * size;
  });
  assert.equal(start, width);
  for (let from = 0; from < drawn.share.data.length; from += width) {
    const share = drawn.share.data.subarray(from, from + width);
    const real = [...share].filter((each) => each > 0);
    assert(real.length > 0);
    assertClose(real, real.map(() => 1 / real.length), 1e-7);
  }
}

const pairs: Moments = {
  size: 2,
  rows: Int32Array.from(Array(20).keys()),
  own: new Uint8Array(20).fill(1),
};
const single: Moments = {
  size: 1,
  rows: Int32Array.of(30),
  own: Uint8Array.of(1),
};
const nobody: Moments = {
  size: 1,
  rows: new Int32Array(0),
  own: new Uint8Array(0),
};

Deno.test("every epoch shuffles anew; a generator gives the same again", () => {
  const settings = { batch_size: 6, num_epoch: 20 };
  const draw = (seed: number) =>
    drawMoments([nobody, pairs], settings, new RandomGenerator(seed));
  const { rows } = draw(1);
  // Nine of ten pairs in three minibatches, and a place for an agent alone.
  assert.deepEqual(rows.shape, [60, 7]);
  const epochs = new Set(
    Array.from(
      { length: 20 },
      (_, i) => rows.data.subarray(21 * i, 21 * (i + 1)).join(),
    ),
  );
  assert.equal(epochs.size, 20);
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

Deno.test("a moment of a rare size is in one minibatch of each epoch", () => {
  const { share, rows } = drawMoments(
    [single, pairs],
    { batch_size: 7, num_epoch: 4 },
    new RandomGenerator(1),
  );
  // One of three minibatches has the agent alone; it has its place in all.
  assert.deepEqual(rows.shape, [12, 9]);
  for (let epoch = 0; epoch < 4; epoch++) {
    const first = [0, 1, 2].map((i) => share.data[(epoch * 3 + i) * 9]);
    assert.equal(first.filter((each) => each > 0).length, 1);
  }
});

Deno.test("too few rows make no minibatch, a group too large one of its own", () => {
  const draw = (all: readonly Moments[], batch_size: number) =>
    drawMoments(all, { batch_size, num_epoch: 1 }, new RandomGenerator(1));
  for (const all of [[nobody, pairs], [nobody]]) {
    const { rows } = draw(all, 21);
    assert.deepEqual([rows.data.length, rows.shape[0]], [0, 0]);
  }
  const alone = draw([nobody, pairs], 1);
  assert.deepEqual(alone.rows.shape, [10, 3]);
  for (let from = 0; from < 30; from += 3) {
    const share = [...alone.share.data.subarray(from, from + 3)];
    assert.deepEqual(share, [0, 0.5, 0.5]);
  }
});

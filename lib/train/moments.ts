/** Finished experience as a critic of groups learns from it: in moments. */
import { updateNames } from "../algo/update_program.ts";
import type { GroupColumns } from "../data/group_columns.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";
import { shuffleEpochs } from "./sequences.ts";

/** Groups as they were when their members decided. */
export interface Moments {
  /** Most members that a moment can have. */
  readonly places: number;
  /** Members' rows, `[moments, places]`, ascending; -1 where there are fewer. */
  readonly rows: Int32Array;
  /** 1 for rows to be learned from, 0 for those that are only seen by them. */
  readonly learned: Uint8Array;
}

/**
 * The moments of all finished rows. Each row is learned from once, among exactly
 * the members that it sees: rows that see the same ones share a moment. Those
 * that decide at other times, or know less of their group, have another.
 */
export function findMoments(
  segments: readonly Segment[],
  { mates, widest }: GroupColumns,
  places: number,
): Moments {
  const found = new Map<string, { members: Int32Array; finished: number[] }>();
  for (const row of segments.flatMap(({ rows }) => [...rows])) {
    const seen = mates.subarray(row * widest, (row + 1) * widest);
    const members = Int32Array.of(row, ...seen.filter((mate) => mate >= 0));
    const key = members.sort().join();
    const known = found.get(key);
    if (known) known.finished.push(row);
    else found.set(key, { members, finished: [row] });
  }
  const rows = new Int32Array(found.size * places).fill(-1);
  const learned = new Uint8Array(rows.length);
  let start = 0;
  for (const { members, finished } of found.values()) {
    rows.set(members, start);
    for (const row of finished) learned[start + members.indexOf(row)] = 1;
    start += places;
  }
  return { places, rows, learned };
}

/** What every minibatch of every epoch consists of, as the program takes it. */
export interface MomentMinibatches {
  /** `[minibatches, moments * places]`; some row where there is nobody. */
  readonly [updateNames.rows]: NamedArray<Int32Array>;
  /** The same for all rows to be learned from, 1 together; 0 for others. */
  readonly [updateNames.share]: NamedArray<Float32Array>;
  /** `[minibatches, moments, places]`: 1 where there is nobody. */
  readonly [updateNames.absent]: NamedArray<Float32Array>;
}

/**
 * Draws the minibatches: as many as there would be of `batch_size` rows, each of
 * so many moments that about as many rows are learned from. Each epoch shuffles
 * anew and drops its remainder.
 */
export function drawMoments(
  { places, rows, learned }: Moments,
  settings: { readonly batch_size: number; readonly num_epoch: number },
  random: RandomGenerator,
): MomentMinibatches {
  const { batch_size, num_epoch } = settings;
  const moments = rows.length / places;
  const total = learned.reduce((sum, is) => sum + is, 0);
  const perBatch = Math.max(
    1,
    Math.floor(batch_size * moments / Math.max(total, 1)),
  );
  const perEpoch = Math.min(Math.floor(total / batch_size), moments);
  const minibatches = num_epoch * perEpoch;
  const width = perBatch * places;
  const drawn = new Int32Array(minibatches * width);
  const share = new Float32Array(drawn.length);
  const absent = new Float32Array(drawn.length);
  const used = perEpoch * perBatch;
  const order = shuffleEpochs(moments, used, num_epoch, random);
  for (let start = 0; start < order.length; start += perBatch) {
    let at = start * places;
    let count = 0;
    for (const moment of order.subarray(start, start + perBatch)) {
      for (let k = moment * places; k < (moment + 1) * places; k++, at++) {
        drawn[at] = Math.max(rows[k], 0);
        absent[at] = rows[k] < 0 ? 1 : 0;
        share[at] = learned[k];
        count += learned[k];
      }
    }
    for (let k = start * places; k < at; k++) share[k] /= count;
  }
  return {
    [updateNames.rows]: { data: drawn, shape: [minibatches, width] },
    [updateNames.share]: { data: share, shape: [minibatches, width] },
    [updateNames.absent]: {
      data: absent,
      shape: [minibatches, perBatch, places],
    },
  };
}

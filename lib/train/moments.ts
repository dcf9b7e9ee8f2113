/** Experience as a critic of groups sees it: in moments. */
import { absentName, momentSizes } from "../algo/judge_moments.ts";
import { updateNames } from "../algo/update_program.ts";
import type { GroupColumns } from "../data/group_columns.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import { shuffleEpochs } from "./sequences.ts";

/** Groups of about the same size, as they were when their members decided. */
export interface Moments {
  /** Most members that these moments can have. */
  readonly size: number;
  /** Members' rows, `[moments, size]`, ascending; -1 where there are fewer. */
  readonly rows: Int32Array;
  /** 1 for rows that are meant, 0 for those that are only seen by them. */
  readonly own: Uint8Array;
}

/**
 * The moments of the given rows, of each size of {@link momentSizes}. Each row is
 * meant once, among exactly the members that it sees: rows that see the same
 * ones share a moment. Those that decide at other times, or know less of their
 * group, have another.
 */
export function findMoments(
  given: Iterable<number>,
  { mates, widest }: GroupColumns,
  places: number,
): Moments[] {
  const found = new Map<string, { members: number[]; own: number[] }>();
  for (const row of given) {
    const members = [row];
    for (let i = row * widest; i < (row + 1) * widest; i++) {
      if (mates[i] >= 0) members.push(mates[i]);
    }
    const key = members.sort((a, b) => a - b).join();
    const known = found.get(key);
    if (known) known.own.push(row);
    else found.set(key, { members, own: [row] });
  }
  let least = 1;
  return momentSizes(places).map((size) => {
    const fitting = [...found.values()].filter(({ members }) =>
      members.length >= least && members.length <= size
    );
    least = size + 1;
    const rows = new Int32Array(fitting.length * size).fill(-1);
    const own = new Uint8Array(rows.length);
    fitting.forEach((moment, i) => {
      rows.set(moment.members, i * size);
      for (const row of moment.own) {
        own[i * size + moment.members.indexOf(row)] = 1;
      }
    });
    return { size, rows, own };
  });
}

/** What every minibatch of every epoch consists of, as the program takes it. */
export interface MomentMinibatches {
  /** By {@link absentName}: `[minibatches, moments, size]`. */
  readonly [name: string]: NamedArray<Float32Array | Int32Array>;
  /** `[minibatches, places]`; some row where there is nobody. */
  readonly [updateNames.rows]: NamedArray<Int32Array>;
  /** The same for all rows to be learned from, 1 together; 0 for others. */
  readonly [updateNames.share]: NamedArray<Float32Array>;
}

/**
 * Draws the minibatches: as many as there would be of `batch_size` rows, with
 * about as many rows that are learned from. Each epoch shuffles anew, drops its
 * remainder and deals the moments out one by one, so that minibatches have as
 * many of each size as the others, give or take one.
 */
export function drawMoments(
  all: readonly Moments[],
  settings: { readonly batch_size: number; readonly num_epoch: number },
  random: RandomGenerator,
): MomentMinibatches {
  const { batch_size, num_epoch } = settings;
  const counts = all.map(({ size, rows }) => rows.length / size);
  const moments = total(counts);
  const learned = total(all.map(({ own }) => total(own)));
  const perEpoch = Math.min(Math.floor(learned / batch_size), moments);
  const minibatches = num_epoch * perEpoch;
  // At least one moment for every minibatch.
  const kept = perEpoch *
    Math.max(batch_size / learned, 1 / Math.max(moments, 1));
  const used = counts.map((count) => perEpoch && Math.round(kept * count));
  // The program wants one of each size.
  const perBatch = used.map((count) =>
    Math.max(1, perEpoch && Math.ceil(count / perEpoch))
  );
  const width = total(all.map(({ size }, i) => size * perBatch[i]));
  const drawn = new Int32Array(minibatches * width);
  const share = new Float32Array(drawn.length);
  const absences: Record<string, NamedArray<Float32Array>> = {};
  let [dealt, start] = [0, 0];
  all.forEach(({ size, rows, own }, i) => {
    const absent = new Float32Array(minibatches * perBatch[i] * size).fill(1);
    const order = shuffleEpochs(counts[i], used[i], num_epoch, random);
    order.forEach((moment, j) => {
      const [epoch, turn] = [Math.floor(j / used[i]), j % used[i]];
      const minibatch = epoch * perEpoch + (dealt + turn) % perEpoch;
      const place = size * Math.floor(turn / perEpoch);
      for (let member = 0; member < size; member++) {
        const from = moment * size + member;
        const to = minibatch * width + start + place + member;
        drawn[to] = Math.max(rows[from], 0);
        share[to] = own[from];
        absent[minibatch * perBatch[i] * size + place + member] = rows[from] < 0
          ? 1
          : 0;
      }
    });
    absences[absentName(size)] = {
      data: absent,
      shape: [minibatches, perBatch[i], size],
    };
    dealt += used[i];
    start += perBatch[i] * size;
  });
  for (let from = 0; from < share.length; from += width) {
    const each = share.subarray(from, from + width);
    const count = total(each);
    for (let i = 0; i < width && count > 0; i++) each[i] /= count;
  }
  return {
    ...absences,
    [updateNames.rows]: { data: drawn, shape: [minibatches, width] },
    [updateNames.share]: { data: share, shape: [minibatches, width] },
  };
}

const total = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
};

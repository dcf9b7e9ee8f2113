/** Finished experience cut into what recurrent networks learn from. */
import { updateNames } from "../algo/update_program.ts";
import type { NamedArray } from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import type { Segment } from "./collector.ts";

/** Sequences of `length` steps each, in the order of their segments. */
export interface Sequences {
  readonly length: number;
  /** Number of real steps of each; the rest is padding, at the end. */
  readonly sizes: Int32Array;
  /**
   * Row of each step, `[sequences, length]`. Padding repeats the last row: what
   * stands there changes nothing, but must be finite.
   */
  readonly rows: Int32Array;
}

/**
 * Every segment cut from its start into pieces of `length` steps, the last one
 * padded (reference 2.3). Length 1 gives the segments' rows, one by one.
 */
export function cutSequences(
  segments: readonly Segment[],
  length: number,
): Sequences {
  const count = segments.reduce(
    (sum, { rows }) => sum + Math.ceil(rows.length / length),
    0,
  );
  const sizes = new Int32Array(count);
  const rows = new Int32Array(count * length);
  let sequence = 0;
  for (const segment of segments) {
    const last = segment.rows.length - 1;
    for (let from = 0; from <= last; from += length) {
      sizes[sequence] = Math.min(length, last + 1 - from);
      const first = sequence++ * length;
      for (let step = 0; step < length; step++) {
        rows[first + step] = segment.rows[Math.min(from + step, last)];
      }
    }
  }
  return { length, sizes, rows };
}

/**
 * The numbers below `count` in a new order for each epoch, of which the first
 * `used` are taken: `[epochs * used]`.
 */
export function shuffleEpochs(
  count: number,
  used: number,
  epochs: number,
  random: RandomGenerator,
): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const drawn = new Int32Array(epochs * used);
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order);
    drawn.set(order.subarray(0, used), epoch * used);
  }
  return drawn;
}

/** What every minibatch of every epoch consists of, as the programs take it. */
export interface Minibatches {
  /** `[minibatches, batch]`. */
  readonly [updateNames.rows]: NamedArray<Int32Array>;
  /** Numbers of the sequences, `[minibatches, batch / length]`. */
  readonly [updateNames.sequences]: NamedArray<Int32Array>;
  /**
   * `[minibatches, batch]`: 0 for padding, the same for all others, 1 together.
   */
  readonly [updateNames.share]: NamedArray<Float32Array>;
}

/**
 * Draws the minibatches, of whole sequences and at most `batch_size` rows with
 * padding: each epoch shuffles anew and drops its remainder. `batch_size` is
 * one sequence or more.
 */
export function drawMinibatches(
  { length, sizes, rows }: Sequences,
  settings: { readonly batch_size: number; readonly num_epoch: number },
  random: RandomGenerator,
): Minibatches {
  const { batch_size, num_epoch } = settings;
  const perBatch = Math.floor(batch_size / length);
  const perEpoch = Math.floor(sizes.length / perBatch);
  const batch = perBatch * length;
  const minibatches = num_epoch * perEpoch;
  const used = perEpoch * perBatch;
  const drawn = shuffleEpochs(sizes.length, used, num_epoch, random);
  const drawnRows = new Int32Array(minibatches * batch);
  const share = new Float32Array(minibatches * batch);
  for (let start = 0; start < drawn.length; start += perBatch) {
    const chosen = drawn.subarray(start, start + perBatch);
    const real = chosen.reduce((sum, sequence) => sum + sizes[sequence], 0);
    let at = start * length;
    for (const sequence of chosen) {
      const first = sequence * length;
      for (let step = 0; step < length; step++, at++) {
        drawnRows[at] = rows[first + step];
        share[at] = step < sizes[sequence] ? 1 / real : 0;
      }
    }
  }
  return {
    [updateNames.rows]: { data: drawnRows, shape: [minibatches, batch] },
    [updateNames.sequences]: { data: drawn, shape: [minibatches, perBatch] },
    [updateNames.share]: { data: share, shape: [minibatches, batch] },
  };
}

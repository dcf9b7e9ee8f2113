/** Experience for off-policy learning: a ring that overwrites its oldest. */
import { UserError } from "../errors.ts";
import type { BehaviorSpec } from "../spec.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
  vectorArray,
} from "../util/arrays.ts";
import type { RandomGenerator } from "../util/random.ts";
import { KeptObservations } from "./kept_observations.ts";
import { ObservationColumn } from "./observation_column.ts";
import {
  type Column,
  copyRow,
  rowColumns,
  type RowName,
  savedValues,
  takeRows,
} from "./replay_column.ts";
import { ReplaySample } from "./replay_sample.ts";
import type { Rollout } from "./rollout.ts";

export interface ReplayOptions {
  readonly spec: BehaviorSpec;
  /** Most transitions that it holds; with memory, whole sequences of them. */
  readonly capacity: number;
  /** Steps that a recurrent policy learns from at once. */
  readonly sequenceLength?: number;
  /** Values of each network's memory. */
  readonly memorySizes?: readonly number[];
}

/** A decision whose outcome is known; its values lie in a rollout. */
export interface Transition {
  /** Tells agents apart that live at the same time. */
  readonly agent: number;
  /** The decision's row in the rollout. */
  readonly row: number;
  /** Row of the observation after it; -1 where nobody will ask for it. */
  readonly nextRow: number;
  /** The agent's last transition in this episode. */
  readonly isLast: boolean;
  /** What followed is worth nothing more: a true end, not a limit of steps. */
  readonly isDone: boolean;
}

/** In place of the slot that follows: there is none. */
const nothing = -1;
/** Likewise, and below it: a kept observation, by its number. */
const keptFrom = -2;

/**
 * Slots of `sequenceLength` rows, each of one agent and episode and opened in
 * order of time; without memory a slot is a row. Only whole slots are
 * overwritten (F-14). No observation is there twice: what followed a slot is the
 * first row of the agent's next slot or, where there is none, kept beside the
 * ring (F-9, I-4).
 */
export class Replay {
  readonly spec: BehaviorSpec;
  readonly sequenceLength: number;
  readonly memorySizes: readonly number[];
  readonly #slots: number;
  readonly #observations: readonly ObservationColumn[];
  readonly #columns: readonly Column<RowName>[];
  /** Per slot, one for each network: its memory before the first row. */
  readonly #memories: readonly Float32Array[];
  /** Per slot: its rows in use. */
  readonly #sizes: Int32Array;
  /** Per slot: the one that follows, or what stands for it. */
  readonly #next: Int32Array;
  /** Per slot: whether its last row is done. */
  readonly #done: Uint8Array;
  readonly #kept: KeptObservations;
  /** Slots that were ever opened. */
  #opened = 0;
  /** The newest slot of each living agent, by the count of opened ones. */
  readonly #newest = new Map<number, number>();

  /** Throws UserError where there is not so much memory. */
  constructor(options: ReplayOptions) {
    const { spec, capacity, sequenceLength = 1, memorySizes = [] } = options;
    this.spec = spec;
    this.sequenceLength = sequenceLength;
    this.memorySizes = memorySizes;
    const slots = Math.floor(capacity / sequenceLength);
    const rows = slots * sequenceLength;
    this.#slots = slots;
    try {
      this.#observations = spec.observationSpecs.map((each) =>
        new ObservationColumn(each, rows)
      );
      this.#columns = rowColumns(spec.actionSpec, rows);
      this.#memories = memorySizes.map((n) => new Float32Array(slots * n));
      this.#sizes = new Int32Array(slots);
      this.#next = new Int32Array(slots);
      this.#done = new Uint8Array(slots);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UserError({
        what: "the replay does not fit into memory",
        path: "hyperparameters.buffer_size",
        found: `${capacity} experiences`,
        cure: "Use a smaller buffer_size.",
      }, { cause: error });
    }
    this.#kept = new KeptObservations(spec.observationSpecs);
  }

  /** Rows of all slots in use, with those that are still empty (K-19). */
  get rows(): number {
    return this.#count * this.sequenceLength;
  }

  /** Bytes of all columns. */
  get byteLength(): number {
    return [
      ...[...this.#columns, ...this.#slotColumns()].map(({ values }) => values),
      ...this.#observations,
      this.#kept,
    ].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Adds a transition; overwrites the oldest slot where a new one is needed.
   * Returns the slot that it went to.
   */
  append(rollout: Rollout, transition: Transition): number {
    const { agent, row, nextRow, isLast, isDone } = transition;
    const newest = this.#newest.get(agent);
    const number = this.#isFilling(newest) ? newest : this.#open(newest);
    const slot = this.#slotOf(number);
    const size = this.#sizes[slot]++;
    if (size === 0) {
      this.#memories.forEach((memories, i) =>
        copyRow(rollout.memories[i], row, memories, slot, this.memorySizes[i])
      );
    }
    const to = slot * this.sequenceLength + size;
    for (const { name, values, width } of this.#columns) {
      copyRow(rollout[name], row, values, to, width);
    }
    this.#observations.forEach((column, sensor) =>
      column.write(to, rollout.observations[sensor], row)
    );
    this.#done[slot] = isDone ? 1 : 0;
    const next = nextRow < 0
      ? nothing
      : keptFrom - this.#kept.keep(rollout.observations, nextRow);
    this.#follow(slot, next);
    if (isLast) this.#newest.delete(agent);
    else this.#newest.set(agent, number);
    return slot;
  }

  /** Whether a slot can take no more rows. */
  isFull(slot: number): boolean {
    return this.#sizes[slot] === this.sequenceLength;
  }

  /** The unfinished episodes of these agents go no further. */
  forgetAgents(isMeant: (agent: number) => boolean): void {
    for (const agent of this.#newest.keys()) {
      if (isMeant(agent)) this.#newest.delete(agent);
    }
  }

  /** Draws so many slots, uniformly and with replacement. */
  sample(random: RandomGenerator, sequences: number): ReplaySample {
    const slots = new Int32Array(sequences);
    for (let drawn = 0; drawn < sequences; drawn++) {
      // By age: so the same is drawn wherever the slots lie.
      slots[drawn] = this.#slotOf(
        this.#oldest + random.integer(this.#count),
      );
    }
    return this.read(slots);
  }

  /** All that is known of these slots, in their order. */
  read(slots: ArrayLike<number>): ReplaySample {
    const sequences = slots.length;
    const { spec, sequenceLength, memorySizes } = this;
    const sample = new ReplaySample({
      spec,
      sequences,
      sequenceLength,
      memorySizes,
    });
    for (let sequence = 0; sequence < sequences; sequence++) {
      const slot = slots[sequence];
      this.#memories.forEach((memories, i) =>
        copyRow(memories, slot, sample.memories[i], sequence, memorySizes[i])
      );
      const last = this.#sizes[slot] - 1;
      for (let step = 0; step < sequenceLength; step++) {
        const to = sequence * sequenceLength + step;
        sample.rowMask[to] = step <= last ? 1 : 0;
        sample.done[to] = step === last ? this.#done[slot] : 0;
        // Rows without a decision change nothing, but must be finite.
        this.#read(slot, Math.min(step, last), sample, to);
      }
    }
    return sample;
  }

  /** From the oldest slot to the newest, wherever they lie. */
  snapshot(): NamedArrays {
    const slots = Int32Array.from(
      { length: this.#count },
      (_, age) => this.#slotOf(this.#oldest + age),
    );
    const length = this.sequenceLength;
    const rows = Int32Array.from(
      { length: slots.length * length },
      (_, i) => slots[Math.floor(i / length)] * length + i % length,
    );
    const arrays: Record<string, NamedArray> = {};
    for (const { name, values, width } of this.#columns) {
      arrays[name] = takeRows(values, rows, width);
    }
    for (const { name, values, width } of this.#slotColumns()) {
      arrays[name] = takeRows(values, slots, width);
    }
    const kept: number[] = [];
    const next = Int32Array.from(slots, (slot) => {
      const next = this.#next[slot];
      if (next === nothing) return nothing;
      if (next >= 0) return this.#numberOf(next) - this.#oldest;
      return keptFrom - (kept.push(keptFrom - next) - 1);
    });
    const ends = this.#kept.take(Int32Array.from(kept));
    this.#observations.forEach((column, sensor) => {
      arrays[`observation.${sensor}`] = column.take(rows);
      arrays[`kept.${sensor}`] = ends[sensor];
    });
    const living = [...this.#newest]
      .filter(([, number]) => number >= this.#oldest)
      .sort(([a], [b]) => a - b);
    return {
      ...arrays,
      next: { data: next, shape: [next.length, 1] },
      agents: vectorArray(Float64Array.from(living, ([agent]) => agent)),
      newest: vectorArray(
        Float64Array.from(living, ([, number]) => number - this.#oldest),
      ),
    };
  }

  /**
   * Goes on from a snapshot; where that holds more than fits, from its newest
   * part. Throws UserError, and changes nothing, where it is of another spec.
   */
  restore(state: NamedArrays): void {
    const length = this.sequenceLength;
    const count = state.sizes?.shape[0] ?? 0;
    const keptCount = state["kept.0"]?.shape[0] ?? 0;
    const skipped = Math.max(0, count - this.#slots);
    const saved = (
      { name, width }: Pick<Column, "name" | "width">,
      rows: number,
      skippedRows: number,
    ) => {
      const values = savedValues(state, name, rows, width);
      return values.subarray(skippedRows * width);
    };
    const columns = [
      ...this.#columns.map((column) => ({
        column,
        values: saved(column, count * length, skipped * length),
      })),
      ...this.#slotColumns().map((column) => ({
        column,
        values: saved(column, count, skipped),
      })),
    ];
    const observations = this.#observations.map(({ width }, sensor) => ({
      rows: saved(
        { name: `observation.${sensor}`, width },
        count * length,
        skipped * length,
      ),
      ends: savedValues(state, `kept.${sensor}`, keptCount, width),
    }));
    columns.forEach(({ column, values }) => column.values.set(values));
    this.#observations.forEach((column, i) => column.put(observations[i].rows));
    this.#kept.put(keptCount, observations.map(({ ends }) => ends));
    for (
      const next of savedValues(state, "next", count, 1).subarray(0, skipped)
    ) {
      if (next <= keptFrom) this.#kept.release(keptFrom - next);
    }
    this.#opened = count - skipped;
    for (let slot = 0; slot < this.#opened; slot++) {
      if (this.#next[slot] >= 0) this.#next[slot] -= skipped;
    }
    this.#newest.clear();
    const { data: newest } = arrayNamed(state, "newest");
    arrayNamed(state, "agents").data.forEach((agent, i) =>
      this.#newest.set(Number(agent), Number(newest[i]) - skipped)
    );
  }

  /** What there is of each slot. */
  #slotColumns(): Column[] {
    return [
      { name: "sizes", values: this.#sizes, width: 1 },
      { name: "next", values: this.#next, width: 1 },
      { name: "done", values: this.#done, width: 1 },
      ...this.#memories.map((values, i) => ({
        name: `memory.${i}`,
        values,
        width: this.memorySizes[i],
      })),
    ];
  }

  get #count(): number {
    return Math.min(this.#opened, this.#slots);
  }

  /** Number of the oldest slot. */
  get #oldest(): number {
    return this.#opened - this.#count;
  }

  #slotOf(number: number): number {
    return number % this.#slots;
  }

  #numberOf(slot: number): number {
    const newest = this.#opened - 1;
    const age = (this.#slotOf(newest) - slot + this.#slots) % this.#slots;
    return newest - age;
  }

  /** Whether an agent's newest slot can take one more row. */
  #isFilling(newest: number | undefined): newest is number {
    return newest !== undefined && newest >= this.#oldest &&
      this.#sizes[this.#slotOf(newest)] < this.sequenceLength;
  }

  /** Empties the slot whose turn it is; it follows the agent's newest. */
  #open(newest: number | undefined): number {
    const number = this.#opened++;
    const slot = this.#slotOf(number);
    this.#follow(slot, nothing);
    this.#sizes[slot] = 0;
    if (newest !== undefined && newest >= this.#oldest) {
      this.#follow(this.#slotOf(newest), slot);
    }
    return number;
  }

  /** Sets what follows a slot, and lets go what was kept for it. */
  #follow(slot: number, next: number): void {
    const before = this.#next[slot];
    this.#next[slot] = next;
    if (before <= keptFrom) this.#kept.release(keptFrom - before);
  }

  /** Copies one step of a slot and what followed it. */
  #read(slot: number, step: number, sample: ReplaySample, to: number): void {
    const row = slot * this.sequenceLength + step;
    for (const { name, values, width } of this.#columns) {
      copyRow(values, row, sample[name], to, width);
    }
    const follower = this.#next[slot];
    const nextRow = step + 1 < this.#sizes[slot]
      ? row + 1
      : follower === nothing
      ? row
      : follower * this.sequenceLength;
    this.#observations.forEach((column, sensor) => {
      column.read(row, sample.observations[sensor], to);
      const target = sample.nextObservations[sensor];
      if (nextRow >= 0) column.read(nextRow, target, to);
      else this.#kept.read(keptFrom - follower, sensor, target, to);
    });
  }
}

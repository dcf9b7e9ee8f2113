/** Collected experience as columns: one row per decision, in order of arrival. */
import type { DecisionSteps, TerminalSteps } from "../env/env.ts";
import { type BehaviorSpec, branchTotal, observationSize } from "../spec.ts";
import {
  arrayNamed,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";
import { MateTable } from "./mate_table.ts";

type Column = Float32Array | Int32Array;

/**
 * Columns that grow as rows arrive. Rows of different agents lie interleaved;
 * whoever needs one agent's rows keeps their numbers.
 */
export class Rollout {
  /** Rows in use; the columns are longer. */
  size = 0;
  /** Per sensor `[rows, n]`. */
  observations: Float32Array[];
  /** Raw continuous samples `[rows, n]`. */
  continuous: Float32Array;
  /** Chosen indices `[rows, branches]`. */
  discrete: Int32Array;
  /** `[rows, sum of branches]`, 1 = allowed. */
  mask: Float32Array;
  /** What followed the decision, environment and group reward together. */
  rewards: Float32Array;
  /** Per recurrent network `[rows, n]`: its memory before the decision. */
  memories: Float32Array[];
  /** Mates of each row's agent; null where groups are of no interest. */
  readonly groups: MateTable | null;
  readonly spec: BehaviorSpec;
  readonly observationSizes: readonly number[];
  readonly memorySizes: readonly number[];
  #capacity: number;

  /** `memorySizes` has an entry for each network that remembers. */
  constructor(
    spec: BehaviorSpec,
    capacity = 1024,
    memorySizes: readonly number[] = [],
    { hasGroups = false } = {},
  ) {
    this.spec = spec;
    this.observationSizes = spec.observationSpecs.map(observationSize);
    this.memorySizes = memorySizes;
    this.#capacity = capacity;
    const { continuousSize, discreteBranches } = spec.actionSpec;
    this.observations = this.observationSizes.map((n) =>
      new Float32Array(capacity * n)
    );
    this.continuous = new Float32Array(capacity * continuousSize);
    this.discrete = new Int32Array(capacity * discreteBranches.length);
    this.mask = new Float32Array(capacity * branchTotal(spec.actionSpec));
    this.rewards = new Float32Array(capacity);
    this.memories = memorySizes.map((n) => new Float32Array(capacity * n));
    this.groups = hasGroups ? new MateTable(capacity) : null;
  }

  /**
   * Adds all decision records and returns the first one's row. Their memories
   * are empty.
   */
  appendDecisions(steps: DecisionSteps): number {
    const { count, actionMask } = steps;
    const first = this.#append(count);
    this.observationSizes.forEach((n, sensor) => {
      const values = steps.observations[sensor].subarray(0, count * n);
      this.observations[sensor].set(values, first * n);
    });
    const width = branchTotal(this.spec.actionSpec);
    const masks = this.mask.subarray(first * width, this.size * width);
    if (actionMask) masks.set(actionMask.subarray(0, count * width));
    else masks.fill(1);
    return first;
  }

  /** Adds the last observation of one ended agent: a state to be valued. */
  appendTerminal(steps: TerminalSteps, index: number): number {
    const row = this.#append(1);
    this.observationSizes.forEach((n, sensor) => {
      const values = steps.observations[sensor];
      const last = values.subarray(index * n, (index + 1) * n);
      this.observations[sensor].set(last, row * n);
    });
    return row;
  }

  /** Adds a state to be valued: what was seen in another row. */
  appendState(seen: number): number {
    const row = this.#append(1);
    this.observationSizes.forEach((n, sensor) => {
      this.observations[sensor].copyWithin(row * n, seen * n, (seen + 1) * n);
    });
    return row;
  }

  /** Keeps only `rows`, which must ascend; they become rows 0, 1, 2 ... */
  keep(rows: Int32Array): void {
    for (const [column, width] of this.#columns()) {
      rows.forEach((from, to) => {
        column.copyWithin(to * width, from * width, (from + 1) * width);
      });
      column.fill(0, rows.length * width, this.size * width);
    }
    this.groups?.keep(rows, this.size);
    this.size = rows.length;
  }

  /** Forgets all rows. */
  clear(): void {
    this.keep(new Int32Array(0));
  }

  snapshot(): NamedArrays {
    const arrays: Record<string, NamedArray> = {};
    this.#columns().forEach(([column, width], i) => {
      const data = column.slice(0, this.size * width);
      arrays[`column.${i}`] = { data, shape: [this.size, width] };
    });
    if (this.groups) arrays.mates = this.groups.snapshot(this.size);
    return arrays;
  }

  restore(state: NamedArrays): void {
    this.clear();
    this.#append(arrayNamed(state, "column.0").shape[0]);
    this.#columns().forEach(([column], i) => {
      const { data } = arrayNamed(state, `column.${i}`);
      for (let j = 0; j < data.length; j++) column[j] = Number(data[j]);
    });
    this.groups?.restore(arrayNamed(state, "mates"));
  }

  /** Every column with the values per row. */
  #columns(): [Column, number][] {
    const { continuousSize, discreteBranches } = this.spec.actionSpec;
    return [
      [this.rewards, 1],
      [this.continuous, continuousSize],
      [this.discrete, discreteBranches.length],
      [this.mask, branchTotal(this.spec.actionSpec)],
      ...this.observations.map((column, sensor): [Column, number] => [
        column,
        this.observationSizes[sensor],
      ]),
      ...this.memories.map((column, network): [Column, number] => [
        column,
        this.memorySizes[network],
      ]),
    ];
  }

  #append(count: number): number {
    const first = this.size;
    this.size += count;
    if (this.size > this.#capacity) this.#grow();
    return first;
  }

  #grow(): void {
    this.#capacity = Math.max(this.size, 2 * this.#capacity);
    this.groups?.reserve(this.#capacity);
    const { continuousSize, discreteBranches } = this.spec.actionSpec;
    const floats = (column: Float32Array, width: number) => {
      const larger = new Float32Array(this.#capacity * width);
      larger.set(column);
      return larger;
    };
    this.observations = this.observations.map((column, sensor) =>
      floats(column, this.observationSizes[sensor])
    );
    this.continuous = floats(this.continuous, continuousSize);
    this.mask = floats(this.mask, branchTotal(this.spec.actionSpec));
    this.rewards = floats(this.rewards, 1);
    this.memories = this.memories.map((column, network) =>
      floats(column, this.memorySizes[network])
    );
    const discrete = new Int32Array(this.#capacity * discreteBranches.length);
    discrete.set(this.discrete);
    this.discrete = discrete;
  }
}

import { actNames } from "../../lib/algo/act_program.ts";
import { columnNames, normalizerNames } from "../../lib/algo/column_names.ts";
import { SacNetworks } from "../../lib/algo/sac_networks.ts";
import {
  type ActionSpec,
  branchTotal,
  vectorObservation,
} from "../../lib/spec.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { plainNormalize } from "./plain_ppo.ts";
import { PlainSac, type PlainSequence } from "./plain_sac.ts";
import { normals, randomMasks } from "./random_arrays.ts";

const sensors = [2, 1];
const layers = 1;

/** Two signals, of which the second goes on after the end of an episode. */
export const sacDiscounts = [
  { gamma: 0.9, ignoresDone: false },
  { gamma: 0.7, ignoresDone: true },
];

export interface SacCaseOptions {
  readonly updates: number;
  /** Rows of a batch. */
  readonly batch: number;
  /** Steps of a sequence; 0 = no memory. */
  readonly sequenceLength?: number;
  readonly tau?: number;
  readonly twinMinimum?: boolean;
}

/** Small networks with random weights and samples, as columns and as rows. */
export class SacCase {
  readonly networks: SacNetworks;
  /** Target network included. */
  readonly weights: NamedArrays;
  readonly normalizer: NamedArrays;
  /** `[updates, batch, ...]`. */
  readonly columns: NamedArrays;
  readonly plain: PlainSac;
  /** The samples of every update. */
  readonly batches: readonly (readonly PlainSequence[])[];
  readonly #random = new RandomGenerator(3, "sac case");

  constructor(actions: ActionSpec, options: SacCaseOptions) {
    const { sequenceLength = 0, tau = 0.1, twinMinimum = false } = options;
    const memorySize = sequenceLength > 0 ? 4 : 0;
    this.networks = new SacNetworks({
      spec: {
        observationSpecs: sensors.map((size) => vectorObservation(size)),
        actionSpec: actions,
      },
      normalize: true,
      hidden_units: 3,
      num_layers: layers,
      vis_encode_type: "simple",
      goal_conditioning_type: "hyper",
      signals: sacDiscounts.length,
      initialTemperature: 0.5,
      memory: memorySize > 0
        ? { memory_size: memorySize, sequence_length: sequenceLength }
        : null,
    });
    const { parameters, targetParameters } = this.networks;
    this.weights = Object.fromEntries(
      [...parameters, ...targetParameters].map(({ name, shape }) => [
        name,
        normals(this.#random, 0.7, shape),
      ]),
    );
    this.normalizer = Object.fromEntries(sensors.flatMap((size, sensor) => [
      [normalizerNames.mean(sensor), normals(this.#random, 0.5, [size])],
      [normalizerNames.scale(sensor), normals(this.#random, 1.5, [size])],
    ]));
    this.columns = this.#drawColumns(actions, options, memorySize);
    this.plain = new PlainSac(this.weights, {
      actions,
      layers,
      memorySize,
      gammas: sacDiscounts.map(({ gamma }) => gamma),
      ignoresDone: sacDiscounts.map(({ ignoresDone }) => ignoresDone),
      tau,
      twinMinimum,
    });
    this.batches = Array.from(
      { length: options.updates },
      (_, update) => this.#sequencesOf(update, options),
    );
  }

  #drawColumns(
    actions: ActionSpec,
    { updates, batch, sequenceLength = 0 }: SacCaseOptions,
    memorySize: number,
  ): NamedArrays {
    const random = this.#random;
    const columns: Record<string, NamedArray> = {};
    const add = (name: string, ...shape: number[]) =>
      columns[name] = normals(random, 1, [updates, batch, ...shape]);
    sensors.forEach((size, sensor) => {
      add(columnNames.observation(sensor), size);
      add(columnNames.nextObservation(sensor), size);
    });
    const { continuousSize, discreteBranches } = actions;
    if (continuousSize > 0) {
      const { data } = add(columnNames.continuous, continuousSize);
      for (let i = 0; i < data.length; i++) data[i] = Math.tanh(data[i]);
      add(actNames.continuousNoise, continuousSize);
    }
    if (discreteBranches.length > 0) {
      const rows = updates * batch;
      const shape = [updates, batch, discreteBranches.length];
      const choices = Int32Array.from(
        { length: rows * discreteBranches.length },
        (_, i) => random.integer(discreteBranches[i % discreteBranches.length]),
      );
      columns[columnNames.discrete] = { data: choices, shape };
      const { data } = randomMasks(discreteBranches, rows, random);
      const width = branchTotal(actions);
      columns[columnNames.mask] = { data, shape: [updates, batch, width] };
    }
    add(columnNames.rewards, sacDiscounts.length);
    const { data } = add(columnNames.done);
    for (let i = 0; i < data.length; i++) data[i] = random.integer(2);
    if (memorySize === 0) return columns;
    // The last row of every second sequence fills it up.
    const masks = add(columnNames.rowMask).data;
    for (let i = 0; i < masks.length; i++) {
      masks[i] = Number(i % (2 * sequenceLength) !== 2 * sequenceLength - 1);
    }
    for (const network of this.networks.recurrent) {
      columns[columnNames.memory(network)] = normals(random, 1, [
        updates,
        batch / sequenceLength,
        memorySize,
      ]);
    }
    return columns;
  }

  #sequencesOf(
    update: number,
    { batch, sequenceLength = 0 }: SacCaseOptions,
  ): PlainSequence[] {
    const length = Math.max(sequenceLength, 1);
    return Array.from({ length: batch / length }, (_, s) => ({
      rows: Array.from(
        { length },
        (_, i) => this.#rowOf(update * batch + s * length + i),
      ),
      memories: sequenceLength > 0
        ? Object.fromEntries(this.networks.recurrent.map((network) => [
          network,
          this.#valuesOf(
            columnNames.memory(network),
            update * batch / length + s,
          ),
        ]))
        : null,
    }));
  }

  #rowOf(row: number) {
    const observe = (name: (sensor: number) => string) =>
      sensors.flatMap((_, sensor) =>
        plainNormalize(
          this.#valuesOf(name(sensor), row),
          Array.from(
            this.normalizer[normalizerNames.mean(sensor)].data,
            Number,
          ),
          Array.from(
            this.normalizer[normalizerNames.scale(sensor)].data,
            Number,
          ),
        )
      );
    const [weight] = columnNames.rowMask in this.columns
      ? this.#valuesOf(columnNames.rowMask, row)
      : [1];
    return {
      observation: observe(columnNames.observation),
      next: observe(columnNames.nextObservation),
      continuous: this.#valuesOf(columnNames.continuous, row),
      discrete: this.#valuesOf(columnNames.discrete, row),
      mask: this.#valuesOf(columnNames.mask, row),
      noise: this.#valuesOf(actNames.continuousNoise, row),
      rewards: this.#valuesOf(columnNames.rewards, row),
      done: this.#valuesOf(columnNames.done, row)[0],
      weight,
    };
  }

  /** One row of a column; none where it is absent. */
  #valuesOf(name: string, row: number): number[] {
    const column = this.columns[name];
    if (!column) return [];
    const width = column.shape[2] ?? 1;
    const values = column.data.slice(row * width, (row + 1) * width);
    return Array.from(values, Number);
  }
}

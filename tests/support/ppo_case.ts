import { columnNames, normalizerNames } from "../../lib/algo/column_names.ts";
import {
  PpoNetworks,
  type PpoNetworkSettings,
} from "../../lib/algo/ppo_networks.ts";
import {
  type ActionSpec,
  branchTotal,
  vectorObservation,
} from "../../lib/spec.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { plainNormalize, PlainPpo, type PlainRow } from "./plain_ppo.ts";

/** The kinds of actions that programs are tested with. */
export const actionKinds: Readonly<Record<string, ActionSpec>> = {
  continuous: { continuousSize: 2, discreteBranches: [] },
  discrete: { continuousSize: 0, discreteBranches: [3, 2] },
  hybrid: { continuousSize: 1, discreteBranches: [2, 2] },
};

const sensors = [2, 1];
const layers = 2;
const signals = 2;

/** A small policy with random weights and experience, as columns and rows. */
export class PpoCase {
  readonly networks: PpoNetworks;
  readonly weights: NamedArrays;
  readonly normalizer: NamedArrays;
  /** Experience and targets by column name. */
  readonly columns: NamedArrays;
  /** The same, decision by decision. */
  readonly rows: readonly PlainRow[];
  readonly plain: PlainPpo;
  readonly #random: RandomGenerator;

  constructor(
    actions: ActionSpec,
    count: number,
    seed = 1,
    change: Partial<PpoNetworkSettings> = {},
  ) {
    this.#random = new RandomGenerator(seed, "ppo case");
    this.networks = new PpoNetworks({
      spec: {
        observationSpecs: sensors.map((size) => vectorObservation(size)),
        actionSpec: actions,
      },
      normalize: true,
      hidden_units: 4,
      num_layers: layers,
      vis_encode_type: "simple",
      goal_conditioning_type: "hyper",
      signals,
      ...change,
    });
    this.weights = Object.fromEntries(
      this.networks.parameters.map(({ name, shape }) => [
        name,
        this.#normals(0.7, ...shape),
      ]),
    );
    this.normalizer = Object.fromEntries(sensors.flatMap((size, sensor) => [
      [normalizerNames.mean(sensor), this.#normals(0.5, size)],
      [normalizerNames.scale(sensor), this.#normals(1.5, size)],
    ]));
    this.plain = new PlainPpo(this.weights, actions, layers);
    const columns = this.#drawColumns(actions, count);
    this.rows = Array.from(
      { length: count },
      (_, row) => this.#rowOf(columns, row),
    );
    this.columns = {
      ...columns,
      [columnNames.oldLogProbabilities]: this.#oldLogProbabilities(),
    };
    this.rows = this.rows.map((row, i) => ({
      ...row,
      oldLogProbabilities: valuesOf(this.columns, "old_log_probabilities", i),
    }));
  }

  #normals(deviation: number, ...shape: number[]): NamedArray<Float32Array> {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const draw = () => deviation * this.#random.normal();
    return { data: Float32Array.from({ length: size }, draw), shape };
  }

  #drawColumns(actions: ActionSpec, count: number): NamedArrays {
    const columns: Record<string, NamedArray> = {};
    sensors.forEach((size, sensor) => {
      const name = columnNames.observation(sensor);
      columns[name] = this.#normals(1, count, size);
    });
    const { continuousSize, discreteBranches } = actions;
    if (continuousSize > 0) {
      columns[columnNames.continuous] = this.#normals(1, count, continuousSize);
    }
    if (discreteBranches.length > 0) {
      const width = branchTotal(actions);
      const mask = new Float32Array(count * width);
      for (let i = 0; i < mask.length; i++) mask[i] = this.#random.integer(2);
      const choices = new Int32Array(count * discreteBranches.length);
      for (let row = 0, at = 0, i = 0; row < count; row++) {
        for (const size of discreteBranches) {
          choices[i] = this.#random.integer(size);
          mask[at + choices[i++]] = 1;
          at += size;
        }
      }
      const shape = [count, discreteBranches.length];
      columns[columnNames.discrete] = { data: choices, shape };
      columns[columnNames.mask] = { data: mask, shape: [count, width] };
    }
    columns[columnNames.advantages] = this.#normals(1, count);
    columns[columnNames.returns] = this.#normals(1, count, signals);
    return columns;
  }

  /** What the policy says now, off by so much that some ratios are clipped. */
  #oldLogProbabilities(): NamedArray {
    const logs = this.rows.map((row) =>
      this.plain.logProbabilities(row).map((log) =>
        log + 0.3 * this.#random.normal()
      )
    );
    const shape = [logs.length, logs[0].length];
    return { data: Float32Array.from(logs.flat()), shape };
  }

  #rowOf(columns: NamedArrays, row: number): PlainRow {
    const observation = sensors.flatMap((_, sensor) =>
      plainNormalize(
        valuesOf(columns, columnNames.observation(sensor), row),
        valuesOf(this.normalizer, normalizerNames.mean(sensor)),
        valuesOf(this.normalizer, normalizerNames.scale(sensor)),
      )
    );
    return {
      observation,
      continuous: valuesOf(columns, columnNames.continuous, row),
      discrete: valuesOf(columns, columnNames.discrete, row),
      mask: valuesOf(columns, columnNames.mask, row),
      oldLogProbabilities: [],
      advantage: valuesOf(columns, columnNames.advantages)[row],
      returns: valuesOf(columns, columnNames.returns, row),
    };
  }
}

/** The inputs of a program out of many arrays. */
export function pickInputs(
  program: {
    readonly inputs: readonly {
      readonly attributes: { readonly name: string };
    }[];
  },
  arrays: NamedArrays,
): NamedArrays {
  return Object.fromEntries(
    program.inputs.map(({ attributes: { name } }) => [name, arrays[name]]),
  );
}

/** All values of an array, or those of one row; none where it is absent. */
export function valuesOf(
  arrays: NamedArrays,
  name: string,
  row?: number,
): number[] {
  const array = arrays[name];
  if (!array) return [];
  const values = Array.from(array.data, Number);
  if (row === undefined) return values;
  const width = array.shape[1];
  return values.slice(row * width, (row + 1) * width);
}

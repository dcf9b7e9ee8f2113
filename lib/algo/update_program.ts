/**
 * From a loss to a whole update phase: one program that steps through all
 * minibatches of all epochs, carrying weights and optimiser state.
 */
import {
  add,
  concat,
  constant,
  divide,
  gather,
  input,
  lessOrEqual,
  minimum,
  multiply,
  type Nodes,
  reshape,
  select,
  split,
  sqrt,
  square,
  sum,
} from "../tensor/build.ts";
import { gradient } from "../tensor/gradient.ts";
import {
  type Dim,
  type DType,
  type Node,
  type Shape,
  staticDim,
  staticSize,
} from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { scan } from "../tensor/scan.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { flatSize, packWeights, unpackWeights } from "./flat_weights.ts";
import { adamUpdate } from "../nn/optimizer.ts";
import {
  bindParameters,
  parameterInputs,
  type ParameterScope,
  type ParameterSpec,
} from "../nn/parameters.ts";

/** One field of experience; a row per decision. */
export interface ColumnSpec {
  /** Sizes of one row, without the rows. */
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What a minibatch loss sees and says. */
export interface LossResult {
  /** The scalar to lower. */
  readonly loss: Node;
  /** Scalars to report, one value per minibatch. */
  readonly statistics: Nodes;
  /**
   * A truth value, for programs that can stop: this minibatch and all later ones
   * are not to change anything.
   */
  readonly stop?: Node | undefined;
}

export interface UpdateProgramOptions {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  readonly columns: Readonly<Record<string, ColumnSpec>>;
  /** Constants of one update: clip range, entropy weight ... */
  readonly scalars: readonly string[];
  /** Further inputs, for `prepare`. */
  readonly extra: readonly Node<"input">[];
  /** Work done once over all rows: normalisation of observations. */
  readonly prepare: (columns: Nodes, extra: Nodes) => Nodes;
  readonly batchSize: Dim;
  /** What else a minibatch brings for the loss, float32. */
  readonly brings?: Readonly<Record<string, Shape>>;
  /** Rows are sequences of so many steps, with columns of their own. */
  readonly sequences?: {
    readonly length: number;
    readonly columns: Readonly<Record<string, ColumnSpec>>;
  };
  /** Longest gradient of all weights together; longer ones are shortened. */
  readonly maxGradientNorm?: number | null;
  /** The loss may say that it is enough. */
  readonly canStop?: boolean;
  /**
   * Of a minibatch's columns and row numbers. `take` gives the columns of other
   * rows, too.
   */
  readonly loss: (
    scope: ParameterScope,
    minibatch: Nodes,
    scalars: Nodes,
    take: (rows: Node) => Nodes,
  ) => LossResult;
}

/** Names of the inputs and outputs beside weights, columns and scalars. */
export const updateNames = {
  /** int32 `[minibatches, batch]`: the rows of each minibatch. */
  rows: "rows",
  /** int32 `[minibatches, batch / length]`: where their own columns are. */
  sequences: "sequences",
  /** float32 `[minibatches, batch]`: each row's share in a mean over rows. */
  share: "share",
  /** float32 `[minibatches]` each, from `adamSchedule`. */
  rate: "adam.rate",
  epsilon: "adam.epsilon",
  /** float32 `[weights]` each: the optimiser's state, in and out. */
  first: "adam.first",
  second: "adam.second",
  /** float32 `[minibatches]`: 0 for those that came after a stop. */
  learned: "learned",
  /** Prefix of outputs that are also inputs: the new state. */
  next: "next.",
} as const;

/**
 * The program of an update phase. Inputs: weights, optimiser state, columns
 * `[experience, ...]`, rows of every minibatch and the optimiser's schedule.
 * Outputs: `next.` weights and state, and every statistic `[minibatches]`.
 * Where there are sequences, their columns `[sequences, ...]` and numbers go in
 * too, and the loss also sees `share`.
 */
export function updateProgram(options: UpdateProgramOptions): Program {
  const { parameters } = options;
  const weightInputs = parameterInputs(parameters);
  const size = flatSize(parameters);
  const first = input(updateNames.first, [size]);
  const second = input(updateNames.second, [size]);
  const columnInputs = inputsFor(options.columns, "experience");
  const scalarInputs = Object.fromEntries(
    options.scalars.map((name) => [name, input(name, [])]),
  );
  const extra = Object.fromEntries(
    options.extra.map((node) => [node.attributes.name, node]),
  );
  const rows = input(
    updateNames.rows,
    ["minibatches", options.batchSize],
    "int32",
  );
  const recurrent = options.sequences &&
    sequenceInputs(options.sequences, staticDim(options.batchSize));
  const brought = Object.fromEntries(
    Object.entries(options.brings ?? {}).map(([name, shape]) => [
      name,
      input(name, ["minibatches", ...shape]),
    ]),
  );
  const rate = input(updateNames.rate, ["minibatches"]);
  const epsilon = input(updateNames.epsilon, ["minibatches"]);
  const slices: Readonly<Record<string, Node<"input">>> = {
    rows,
    rate,
    epsilon,
    ...recurrent?.slices,
    ...brought,
  };

  const table = new MinibatchTable(options.prepare(columnInputs, extra));
  const starts = recurrent && new MinibatchTable(recurrent.columns);
  const state: Nodes = {
    weights: packWeights(Object.values(weightInputs)),
    first,
    second,
    ...(options.canStop && { going: constant(1) }),
  };
  const { carry, outputs } = scan(
    state,
    slices,
    (carry, step) => {
      const weights = unpackWeights(carry.weights, parameters);
      const { loss, statistics, stop } = options.loss(
        bindParameters(weights),
        {
          ...table.take(step.rows),
          ...starts?.take(step[updateNames.sequences]),
          ...(recurrent && { [updateNames.share]: step[updateNames.share] }),
          ...Object.fromEntries(
            Object.keys(brought).map((name) => [name, step[name]]),
          ),
          [updateNames.rows]: step.rows,
        },
        scalarInputs,
        (rows) => table.take(rows),
      );
      const { weights: moved, state } = adamUpdate(
        carry.weights,
        limitNorm(
          packWeights(gradient(loss, Object.values(weights))),
          options.maxGradientNorm,
        ),
        { first: carry.first, second: carry.second },
        { rate: step.rate, epsilon: step.epsilon },
      );
      const next: Nodes = { weights: moved, ...state };
      if (!stop) return { carry: next, outputs: statistics };
      const going = select(stop, 0, carry.going);
      const hasStopped = lessOrEqual(going, 0);
      const kept = Object.entries(next).map(([name, node]) => [
        name,
        select(hasStopped, carry[name], node),
      ]);
      return {
        carry: { ...Object.fromEntries(kept), going },
        outputs: { ...statistics, [updateNames.learned]: going },
      };
    },
  );
  const next: Nodes = {
    ...unpackWeights(carry.weights, parameters),
    [updateNames.first]: carry.first,
    [updateNames.second]: carry.second,
  };
  const results = Object.fromEntries(
    Object.entries(next).map((
      [name, node],
    ) => [updateNames.next + name, node]),
  );
  return simplifyProgram(makeProgram(options.name, [
    ...Object.values(weightInputs),
    first,
    second,
    ...Object.values(columnInputs),
    ...Object.values(scalarInputs),
    ...options.extra,
    ...Object.values(recurrent?.columns ?? {}),
    ...Object.values(slices),
  ], { ...results, ...outputs }));
}

/** The gradient, no longer than `limit` where there is one. */
function limitNorm(gradient: Node, limit: number | null | undefined): Node {
  if (!limit) return gradient;
  const norm = sqrt(sum(square(gradient)));
  return multiply(gradient, minimum(divide(limit, add(norm, 1e-6)), 1));
}

/** Inputs of columns, `[rows, ...]` each. */
export function inputsFor(
  columns: Readonly<Record<string, ColumnSpec>>,
  ...rows: readonly Dim[]
): Record<string, Node<"input">> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { shape, dtype }]) => [
      name,
      input(name, [...rows, ...shape], dtype),
    ]),
  );
}

/** What goes in beside the rows where these are sequences. */
function sequenceInputs(
  { length, columns }: NonNullable<UpdateProgramOptions["sequences"]>,
  batchSize: number,
) {
  const { sequences, share } = updateNames;
  const each = batchSize / length;
  return {
    columns: inputsFor(columns, "sequences"),
    slices: {
      [sequences]: input(sequences, ["minibatches", each], "int32"),
      [share]: input(share, ["minibatches", batchSize]),
    },
  };
}

/** Wider rows cost more to copy together and apart than to gather alone. */
const widestPacked = 256;

/**
 * Columns packed side by side, so that a minibatch is one gather instead of
 * one per column; those of images stay alone.
 */
class MinibatchTable {
  readonly #packed: [string, Node][];
  readonly #others: [string, Node][];
  readonly #table: Node | undefined;

  constructor(columns: Nodes) {
    const entries = Object.entries(columns);
    const packs = ([, node]: [string, Node]) =>
      node.dtype === "float32" && rowSize(node) <= widestPacked;
    this.#packed = entries.filter(packs);
    this.#others = entries.filter((entry) => !packs(entry));
    if (this.#packed.length === 0) return;
    this.#table = concat(
      this.#packed.map(([, node]) =>
        reshape(node, [node.shape[0], rowSize(node)])
      ),
      1,
    );
  }

  /** The columns of the given rows, `[batch, ...]` each. */
  take(rows: Node): Nodes {
    const taken = this.#others.map(([name, node]): [string, Node] => [
      name,
      gather(node, rows),
    ]);
    if (this.#table) {
      const sizes = this.#packed.map(([, node]) => rowSize(node));
      const pieces = split(gather(this.#table, rows), 1, sizes);
      this.#packed.forEach(([name, node], i) =>
        taken.push([
          name,
          reshape(pieces[i], [rows.shape[0], ...node.shape.slice(1)]),
        ])
      );
    }
    return Object.fromEntries(taken);
  }
}

function rowSize(column: Node): number {
  return staticSize(column.shape.slice(1));
}

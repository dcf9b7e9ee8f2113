import { updateNames, updateProgram } from "../../lib/algo/update_program.ts";
import {
  collectParameters,
  initializeParameters,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import { input, type Nodes } from "../../lib/tensor/build.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { runLowered } from "./lowering.ts";

export interface FitOptions {
  /** Examples `[steps * batch, ...]`: each step takes the next ones. */
  readonly columns: Readonly<Record<string, NamedArray<Float32Array>>>;
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  readonly seed: number;
  /** The scalar to lower, of `[batch, ...]` examples. */
  readonly loss: (scope: ParameterScope, examples: Nodes) => Node;
}

/** Trains a network with Adam; returns the loss before every step. */
export function fit(options: FitOptions): Float32Array {
  const { columns, batch, steps, rate, loss } = options;
  const shapes = Object.entries(columns).map((
    [name, { shape }],
  ) => [name, shape.slice(1)] as const);
  const examples = Object.fromEntries(
    shapes.map(([name, shape]) => [name, input(name, [batch, ...shape])]),
  );
  const parameters = collectParameters((scope) => loss(scope, examples));
  const program = updateProgram({
    name: "fit",
    parameters,
    columns: Object.fromEntries(
      shapes.map(([name, shape]) => [name, { shape, dtype: "float32" }]),
    ),
    scalars: [],
    extra: [],
    prepare: (columns) => columns,
    batchSize: batch,
    loss: (scope, minibatch) => {
      const value = loss(scope, minibatch);
      return { loss: value, statistics: { loss: value } };
    },
  });
  const random = new RandomGenerator(options.seed, "fit");
  const weights = initializeParameters(parameters, random);
  const size = Object.values(weights).reduce(
    (total, { data }) => total + data.length,
    0,
  );
  const rows = Int32Array.from({ length: steps * batch }, (_, i) => i);
  const adam = adamSchedule(rate, 0, steps);
  const outputs = runLowered(program, {
    ...weights,
    ...columns,
    [updateNames.first]: { data: new Float32Array(size), shape: [size] },
    [updateNames.second]: { data: new Float32Array(size), shape: [size] },
    [updateNames.rows]: { data: rows, shape: [steps, batch] },
    [updateNames.rate]: { data: adam.rate, shape: [steps] },
    [updateNames.epsilon]: { data: adam.epsilon, shape: [steps] },
  });
  return Float32Array.from(outputs.loss.data, Number);
}

import { updateNames, updateProgram } from "../../lib/algo/update_program.ts";
import {
  collectParameters,
  initializeParameters,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import {
  abs,
  input,
  mean,
  type Nodes,
  reduceMax,
  square,
  subtract,
} from "../../lib/tensor/build.ts";
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
  /** What is to be lowered, of `[batch, ...]` examples. */
  readonly loss: (scope: ParameterScope, examples: Nodes) => Node | Watched;
}

/** A scalar to be lowered, and another one to judge that by. */
export interface Watched {
  readonly loss: Node;
  readonly watched: Node;
}

/** Of all outputs together, and of the one that is furthest off. */
export function offTarget(outputs: Node, target: Node | number): Watched {
  const error = subtract(outputs, target);
  return { loss: mean(square(error)), watched: reduceMax(abs(error)) };
}

/** Trains a network with Adam; returns what is watched before every step. */
export function fit(options: FitOptions): Float32Array {
  const { columns, batch, steps, rate, loss } = options;
  const shapes = Object.entries(columns).map((
    [name, { shape }],
  ) => [name, shape.slice(1)] as const);
  const examples = Object.fromEntries(
    shapes.map(([name, shape]) => [name, input(name, [batch, ...shape])]),
  );
  const watch = (scope: ParameterScope, examples: Nodes): Watched => {
    const result = loss(scope, examples);
    return "loss" in result ? result : { loss: result, watched: result };
  };
  const parameters = collectParameters((scope) => watch(scope, examples).loss);
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
      const { loss, watched } = watch(scope, minibatch);
      return { loss, statistics: { watched } };
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
  return Float32Array.from(outputs.watched.data, Number);
}

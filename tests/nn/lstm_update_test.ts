import assert from "node:assert/strict";
import { updateNames, updateProgram } from "../../lib/algo/update_program.ts";
import { heNormal } from "../../lib/nn/initializers.ts";
import { dense } from "../../lib/nn/layers.ts";
import { lstmSequences } from "../../lib/nn/lstm.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import {
  collectParameters,
  initializeParameters,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import {
  constant,
  input,
  mean,
  reshape,
  slice,
  square,
  subtract,
} from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertSameArray } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";

const [length, hidden] = [6, 8];

/**
 * An update phase over sequences whose first step shows 1 or -1, the others
 * noise. The last step is to say what the first one showed.
 */
function recall(sequences: number, updates: number) {
  const batch = sequences * length;
  const random = new RandomGenerator(1);
  const seen = Float32Array.from(
    { length: batch },
    (_, row) =>
      row % length === 0 ? Math.sign(random.normal()) : random.normal(),
  );
  const network = (scope: ParameterScope, x: Node) => {
    const steps = reshape(x, [sequences, length, 1]);
    const shape = [sequences, 2 * hidden];
    const empty = constant(new Float32Array(shape[0] * shape[1]), shape);
    const { outputs } = lstmSequences(scope.at("lstm"), steps, empty);
    const last = slice(outputs, 1, length - 1, length);
    const code = reshape(last, [sequences, hidden]);
    return dense(scope.at("head"), code, 1, heNormal(1));
  };
  const parameters = collectParameters((scope) =>
    network(scope, input("x", [batch, 1]))
  );
  const program = updateProgram({
    name: "recall",
    parameters,
    columns: { x: { shape: [1], dtype: "float32" } },
    scalars: [],
    extra: [],
    prepare: (columns) => columns,
    batchSize: batch,
    loss: (scope, { x }) => {
      const first = slice(reshape(x, [sequences, length]), 1, 0, 1);
      const loss = mean(square(subtract(network(scope, x), first)));
      return { loss, statistics: { loss } };
    },
  });
  const weights = initializeParameters(parameters, random);
  const total = Object.values(weights)
    .reduce((count, { data }) => count + data.length, 0);
  const schedule = adamSchedule(0.01, 0, updates);
  const vector = (data: Float32Array) => ({ data, shape: [data.length] });
  const rows = Array.from({ length: updates }, () => [...seen.keys()]).flat();
  const feeds = {
    ...weights,
    x: { data: seen, shape: [batch, 1] },
    [updateNames.first]: vector(new Float32Array(total)),
    [updateNames.second]: vector(new Float32Array(total)),
    [updateNames.rows]: {
      data: Int32Array.from(rows),
      shape: [updates, batch],
    },
    [updateNames.rate]: vector(schedule.rate),
    [updateNames.epsilon]: vector(schedule.epsilon),
  };
  return { program, feeds };
}

Deno.test("loops in the loop of an update phase mean the same compiled", () => {
  const { program, feeds } = recall(3, 3);
  const expected = interpret(program, feeds);
  const actual = runLowered(program, feeds);
  for (const [name, value] of Object.entries(expected)) {
    assertSameArray(actual[name], value, 1e-5, name);
  }
});

Deno.test("an update phase teaches a network what to remember", () => {
  const updates = 300;
  const { program, feeds } = recall(16, updates);
  const { loss } = runLowered(program, feeds);
  const [first, last] = [loss.data[0], loss.data[updates - 1]];
  // Who forgets cannot do better than 1: the two answers are equally likely.
  assert(first > 0.8 && last < 0.01, `${first} fell to ${last}`);
});

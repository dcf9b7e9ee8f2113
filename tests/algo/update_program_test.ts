import assert from "node:assert/strict";
import { updateNames, updateProgram } from "../../lib/algo/update_program.ts";
import { zeros } from "../../lib/nn/initializers.ts";
import {
  add,
  cast,
  input,
  mean,
  multiply,
  reshape,
  square,
  subtract,
  sum,
} from "../../lib/tensor/build.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";

/**
 * Fits w x + b to y: whole-number columns, columns of several sizes, work done
 * once (`shift`), a constant (`scale`) and a statistic.
 */
const program = updateProgram({
  name: "fit",
  parameters: [
    { name: "line.w", shape: [2, 1], initializer: zeros },
    { name: "line.b", shape: [1], initializer: zeros },
  ],
  columns: {
    x: { shape: [2], dtype: "float32" },
    y: { shape: [], dtype: "float32" },
    weight: { shape: [1], dtype: "int32" },
  },
  scalars: ["scale"],
  extra: [input("shift", [])],
  prepare: (columns, { shift }) => ({
    ...columns,
    y: add(columns.y, shift),
  }),
  batchSize: 2,
  loss: (scope, { x, y, weight }, { scale }) => {
    const line = scope.at("line");
    const w = reshape(line.parameter("w", [2, 1], zeros), [2]);
    const b = line.parameter("b", [1], zeros);
    const error = subtract(add(sum(multiply(x, w), [1]), b), y);
    const weighted = multiply(
      square(error),
      reshape(cast(weight, "float32"), [2]),
    );
    const loss = multiply(mean(weighted), scale);
    return { loss, statistics: { error: sum(error) } };
  },
});

const floats = (shape: number[], ...values: number[]) => ({
  data: Float32Array.from(values),
  shape,
});

Deno.test("minibatches are taken by row, in order, from all columns", () => {
  const outputs = runLowered(program, {
    "line.w": floats([2, 1], 1, -1),
    "line.b": floats([1], 0.5),
    [updateNames.first]: floats([3], 0, 0, 0),
    [updateNames.second]: floats([3], 0, 0, 0),
    x: floats([3, 2], 1, 2, 3, 4, 5, 7),
    y: floats([3], 0, 1, 2),
    weight: { data: Int32Array.of(1, 2, 3), shape: [3, 1] },
    scale: floats([], 0.5),
    shift: floats([], 10),
    [updateNames.rows]: { data: Int32Array.of(2, 0), shape: [1, 2] },
    [updateNames.rate]: floats([1], 0.1),
    [updateNames.epsilon]: floats([1], 1),
  });
  // Errors: 5 - 7 + 0.5 - 12 = -13.5 and 1 - 2 + 0.5 - 10 = -10.5.
  assertClose(outputs.error.data, [-24]);
  // d/d error = 0.5 * weight * error: 0.5 * 3 * -13.5 = -20.25, -5.25.
  // d/dw = (5, 7) * -20.25 + (1, 2) * -5.25 = (-106.5, -152.25), d/db = -25.5.
  const gradient = [-106.5, -152.25, -25.5];
  assertClose(outputs["next.adam.first"].data, gradient);
  const squares = gradient.map((g) => g * g);
  assertClose(outputs["next.adam.second"].data, squares);
  // Each weight moves by 0.1 g / (|g| + 1).
  const moves = gradient.map((g) => 0.1 * g / (Math.abs(g) + 1));
  assertClose(outputs["next.line.w"].data, [1 - moves[0], -1 - moves[1]]);
  assertClose(outputs["next.line.b"].data, [0.5 - moves[2]]);
  assert.deepEqual(outputs["next.line.w"].shape, [2, 1]);
});

Deno.test("inputs and outputs are named by what they are", () => {
  const names = program.inputs.map(({ attributes }) => attributes.name);
  assert.deepEqual(names, [
    "line.w",
    "line.b",
    "adam.first",
    "adam.second",
    "x",
    "y",
    "weight",
    "scale",
    "shift",
    "rows",
    "adam.rate",
    "adam.epsilon",
  ]);
  assert.deepEqual(Object.keys(program.outputs), [
    "next.line.w",
    "next.line.b",
    "next.adam.first",
    "next.adam.second",
    "error",
  ]);
});

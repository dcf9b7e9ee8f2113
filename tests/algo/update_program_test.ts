import assert from "node:assert/strict";
import { updateNames, updateProgram } from "../../lib/algo/update_program.ts";
import { zeros } from "../../lib/nn/initializers.ts";
import {
  add,
  cast,
  input,
  less,
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

/** Lowers w times the mean of a column, by at most 0.1 a step with Adam. */
function slope(options: Partial<Parameters<typeof updateProgram>[0]>) {
  const program = updateProgram({
    name: "slope",
    parameters: [{ name: "net.w", shape: [2], initializer: zeros }],
    columns: { x: { shape: [2], dtype: "float32" } },
    scalars: [],
    extra: [],
    prepare: (columns) => columns,
    batchSize: 1,
    loss: (scope, { x }) => {
      const w = scope.at("net").parameter("w", [2], zeros);
      const loss = sum(multiply(reshape(x, [2]), w));
      return {
        loss,
        statistics: { loss },
        ...(options.canStop && { stop: less(loss, -10) }),
      };
    },
    ...options,
  });
  return runLowered(program, {
    "net.w": floats([2], 1, 1),
    [updateNames.first]: floats([2], 0, 0),
    [updateNames.second]: floats([2], 0, 0),
    x: floats([4, 2], 3, 4, 0.3, 0.4, -6, -8, 1, 1),
    [updateNames.rows]: { data: Int32Array.of(0, 1, 2, 3), shape: [4, 1] },
    [updateNames.rate]: floats([4], 0.1, 0.1, 0.1, 0.1),
    [updateNames.epsilon]: floats([4], 1, 1, 1, 1),
  });
}

Deno.test("long gradients are shortened to the limit, short ones stay", () => {
  const { "next.adam.first": first } = slope({ maxGradientNorm: 1 });
  // (3, 4) and (-6, -8) become (0.6, 0.8) and (-0.6, -0.8); (1, 1) is too long.
  const [a, b] = [0.6, 0.8].map((each, i) =>
    0.9 * (0.9 * (0.9 * each + [0.3, 0.4][i]) - each) + Math.SQRT1_2
  );
  assertClose(first.data, [a, b], 1e-5);
});

Deno.test("what comes after a stop changes nothing", () => {
  const free = slope({});
  const stopped = slope({ canStop: true });
  // The third minibatch says that it is enough, the fourth does not.
  assert.deepEqual([...stopped[updateNames.learned].data], [1, 1, 0, 0]);
  const first = [0.9 * 3 + 0.3, 0.9 * 4 + 0.4];
  assertClose(stopped["next.adam.first"].data, first, 1e-6);
  const second = [0.999 * 9 + 0.09, 0.999 * 16 + 0.16];
  assertClose(stopped["next.adam.second"].data, second, 1e-5);
  const w = [3, 4].map((g, i) =>
    1 - 0.1 * g / (g + 1) - 0.1 * first[i] / (Math.sqrt(second[i]) + 1)
  );
  assertClose(stopped["next.net.w"].data, w, 1e-6);
  assert.equal(free[updateNames.learned], undefined);
  assert.notDeepEqual(free["next.net.w"].data, stopped["next.net.w"].data);
});

Deno.test("a loss may look at other rows, prepared as its own are", () => {
  const neighbors = updateProgram({
    name: "neighbors",
    parameters: [{ name: "w", shape: [1], initializer: zeros }],
    columns: {
      x: { shape: [], dtype: "float32" },
      next: { shape: [], dtype: "int32" },
    },
    scalars: [],
    extra: [],
    prepare: (columns) => ({ ...columns, x: multiply(columns.x, 10) }),
    batchSize: 2,
    loss: (_, minibatch, __, take) => {
      const own = cast(minibatch[updateNames.rows], "float32");
      const { x } = take(minibatch.next);
      return { loss: sum(x), statistics: { seen: sum(x), own: sum(own) } };
    },
  });
  const outputs = runLowered(neighbors, {
    w: floats([1], 0),
    [updateNames.first]: floats([1], 0),
    [updateNames.second]: floats([1], 0),
    x: floats([3], 1, 2, 4),
    next: { data: Int32Array.of(1, 2, 0), shape: [3] },
    [updateNames.rows]: { data: Int32Array.of(0, 1, 2, 0), shape: [2, 2] },
    [updateNames.rate]: floats([2], 0.1, 0.1),
    [updateNames.epsilon]: floats([2], 1, 1),
  });
  // Rows 0 and 1 are followed by 1 and 2, rows 2 and 0 by 0 and 1.
  assert.deepEqual([...outputs.seen.data], [60, 30]);
  assert.deepEqual([...outputs.own.data], [1, 2]);
});

Deno.test("a minibatch brings what the caller gives it, of any size", () => {
  const brought = updateProgram({
    name: "brought",
    parameters: [{ name: "w", shape: [1], initializer: zeros }],
    columns: { x: { shape: [], dtype: "float32" } },
    scalars: [],
    extra: [],
    prepare: (columns) => columns,
    batchSize: "2*pairs",
    brings: { factor: ["pairs", 2] },
    loss: (_, { x, factor }) => {
      const products = multiply(reshape(x, factor.shape), factor);
      return { loss: sum(x), statistics: { products: sum(products, [0]) } };
    },
  });
  const outputs = runLowered(brought, {
    w: floats([1], 0),
    [updateNames.first]: floats([1], 0),
    [updateNames.second]: floats([1], 0),
    x: floats([3], 1, 2, 4),
    [updateNames.rows]: {
      data: Int32Array.of(0, 1, 2, 0, 1, 1, 2, 2),
      shape: [2, 4],
    },
    factor: floats([2, 2, 2], 1, 10, 0, 1, 1, 0, 0, 10),
    [updateNames.rate]: floats([2], 0.1, 0.1),
    [updateNames.epsilon]: floats([2], 1, 1),
  });
  assert.deepEqual([...outputs.products.data], [1, 21, 2, 40]);
});

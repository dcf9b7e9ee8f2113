import assert from "node:assert/strict";
import {
  abs,
  add,
  and,
  argMax,
  broadcast,
  cast,
  concat,
  constant,
  divide,
  equal,
  exp,
  gather,
  input,
  leakyRelu,
  less,
  lessOrEqual,
  log,
  matmul,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  reduceMax,
  relu,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sign,
  slice,
  softmax,
  sqrt,
  stopGradient,
  subtract,
  sum,
  swish,
  tanh,
  transpose,
} from "../../lib/tensor/build.ts";
import { imageInterpretRules } from "../../lib/tensor/image_interpret_rules.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import { interpretRules } from "../../lib/tensor/interpret_rules.ts";
import type { ImageOp, Node, OpName } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { assertClose } from "../support/closeness.ts";

/** Programs with the values that they must have, in row-major order. */
type Cases = readonly (readonly [Node, readonly number[]])[];

const floats = (...values: number[]) => constant(Float32Array.from(values));
const integers = (...values: number[]) => constant(Int32Array.from(values));
const flags = (...values: number[]) => constant(Uint8Array.from(values));
const table = (rows: number, ...values: number[]) =>
  reshape(floats(...values), [rows, values.length / rows]);

const matrix = table(2, 1, 2, 3, 4, 5, 6);
const x = input("x", [2]);

/** s_0 = 10; y_t = s_t * v_t; s_t+1 = s_t + v_t over v = 1, 2, 3. */
const runningSum = scan(
  { s: floats(10) },
  { v: table(3, 1, 2, 3) },
  ({ s }, { v }) => ({
    carry: { s: add(s, v) },
    outputs: { y: multiply(s, v) },
  }),
);

const golden: { readonly [Op in Exclude<OpName, ImageOp>]: Cases } = {
  input: [[x, [7, 8]]],
  constant: [[floats(1.5, -2), [1.5, -2]], [constant(3), [3]]],
  negate: [[negate(floats(1, -2)), [-1, 2]]],
  exp: [[exp(floats(0, 1)), [1, Math.E]]],
  log: [[log(floats(1, 0)), [0, -Infinity]]],
  sqrt: [[sqrt(floats(9, 2)), [3, Math.SQRT2]]],
  tanh: [[tanh(floats(0, 0.5)), [0, 0.4621172]]],
  sigmoid: [[sigmoid(floats(0, 2)), [0.5, 0.8807971]]],
  swish: [[swish(floats(0, 2)), [0, 1.7615942]]],
  leakyRelu: [
    [leakyRelu(floats(-2, 0, 3)), [-0.02, 0, 3]],
    [relu(floats(-2, 0, 3)), [0, 0, 3]],
  ],
  abs: [[abs(floats(-3, 3)), [3, 3]]],
  sign: [[sign(floats(-3, 0, 3)), [-1, 0, 1]]],
  add: [
    [add(matrix, floats(10, 20, 30)), [11, 22, 33, 14, 25, 36]],
    [add(integers(2, 3), 1), [3, 4]],
  ],
  subtract: [[subtract(matrix, table(2, 1, 2)), [0, 1, 2, 2, 3, 4]]],
  multiply: [[multiply(floats(2, 3), floats(4, 5)), [8, 15]]],
  divide: [[divide(floats(1, 1), floats(4, 0)), [0.25, Infinity]]],
  maximum: [[maximum(floats(1, 5), floats(3, 2)), [3, 5]]],
  minimum: [[minimum(floats(1, 5), floats(3, 2)), [1, 2]]],
  less: [[less(floats(1, 2, 3), 2), [1, 0, 0]]],
  lessOrEqual: [[lessOrEqual(floats(1, 2, 3), 2), [1, 1, 0]]],
  equal: [[equal(integers(1, 2, 3), 2), [0, 1, 0]]],
  and: [[and(flags(0, 0, 1, 1), flags(0, 1, 0, 1)), [0, 0, 0, 1]]],
  or: [[or(flags(0, 0, 1, 1), flags(0, 1, 0, 1)), [0, 1, 1, 1]]],
  not: [[not(flags(0, 1)), [1, 0]]],
  select: [[select(flags(1, 0), floats(1, 2), floats(3, 4)), [1, 4]]],
  reduceSum: [
    [sum(matrix), [21]],
    [sum(matrix, [0]), [5, 7, 9]],
    [sum(matrix, [1], true), [6, 15]],
    [sum(matrix, []), [1, 2, 3, 4, 5, 6]],
  ],
  reduceMax: [
    [reduceMax(matrix), [6]],
    [reduceMax(negate(matrix), [1]), [-1, -4]],
    [reduceMax(matrix, []), [1, 2, 3, 4, 5, 6]],
  ],
  argMax: [
    [argMax(table(2, 1, 9, 9, 7, 7, 1)), [1, 0]],
    [argMax(table(2, 1, 9, 9, 7, 7, 9), 0), [1, 0, 0]],
  ],
  // e / (e + 1) and its rest; large values must not overflow.
  softmax: [[
    softmax(table(2, 1, 0, 1000, 1000)),
    [0.7310586, 0.2689414, 0.5, 0.5],
  ]],
  matmul: [
    // [[1 2 3] [4 5 6]] times [[1 0] [0 1] [1 1]].
    [matmul(matrix, table(3, 1, 0, 0, 1, 1, 1)), [4, 5, 10, 11]],
    // The same product with the second matrix, then the first, transposed.
    [
      matmul(matrix, table(2, 1, 0, 1, 0, 1, 1), { transposeB: true }),
      [4, 5, 10, 11],
    ],
    [
      matmul(table(3, 1, 4, 2, 5, 3, 6), table(3, 1, 0, 0, 1, 1, 1), {
        transposeA: true,
      }),
      [4, 5, 10, 11],
    ],
    // Two products side by side: [1 2] [3 4]' = 11 and [5 6] [7 8]' = 83.
    [
      matmul(
        constant(Float32Array.of(1, 2, 5, 6), [2, 1, 2]),
        constant(Float32Array.of(3, 4, 7, 8), [2, 2, 1]),
      ),
      [11, 83],
    ],
  ],
  reshape: [[reshape(matrix, [3, 2]), [1, 2, 3, 4, 5, 6]]],
  transpose: [
    [transpose(matrix), [1, 4, 2, 5, 3, 6]],
    // Element [c, a, b] is the old [a, b, c].
    [
      transpose(
        constant(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]),
        [2, 0, 1],
      ),
      [1, 3, 5, 7, 2, 4, 6, 8],
    ],
  ],
  broadcast: [[broadcast(table(2, 1, 2), [2, 3]), [1, 1, 1, 2, 2, 2]]],
  slice: [[slice(matrix, 1, 1, 3), [2, 3, 5, 6]]],
  concat: [
    [concat([matrix, table(2, 7, 8)], 1), [1, 2, 3, 7, 4, 5, 6, 8]],
    [concat([floats(1), floats(2, 3)], 0), [1, 2, 3]],
  ],
  gather: [[gather(matrix, integers(1, 0, 1)), [4, 5, 6, 1, 2, 3, 4, 5, 6]]],
  scatterAdd: [[
    scatterAdd(integers(2, 0, 2), table(3, 1, 2, 3, 4, 5, 6), 3),
    [3, 4, 0, 0, 6, 8],
  ]],
  cast: [
    [cast(floats(1.9, -1.9), "int32"), [1, -1]],
    [cast(floats(0, 0.5), "bool"), [0, 1]],
    [cast(flags(0, 1), "float32"), [0, 1]],
  ],
  stopGradient: [[stopGradient(floats(1, 2)), [1, 2]]],
  scan: [[runningSum.carry.s, [16]]],
  scanOutput: [[runningSum.outputs.y, [10, 22, 39]]],
};

Deno.test("every operation has golden values", () => {
  const others = Object.keys(imageInterpretRules);
  const operations = Object.keys(interpretRules).filter((op) =>
    !others.includes(op)
  );
  assert.deepEqual(Object.keys(golden).sort(), operations.sort());
});

for (const [op, cases] of Object.entries(golden)) {
  Deno.test(`values of ${op}`, () => {
    cases.forEach(([y, expected], i) => {
      const result = interpret(makeProgram("golden", [x], { y }), {
        x: { data: Float32Array.of(7, 8), shape: [2] },
      });
      assert.deepEqual(result.y.shape, y.shape);
      assertClose(result.y.data, expected, 1e-6, `${op}, case ${i}`);
    });
  });
}

Deno.test("a row outside the table is refused", () => {
  const outside = makeProgram("outside", [], {
    y: gather(floats(1, 2), integers(2)),
  });
  assert.throws(() => interpret(outside, {}), /row 2 of a table with 2 rows/);
});

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
import { multiplyDims } from "../../lib/tensor/dims.ts";
import {
  type Node,
  type OpName,
  type Shape,
  staticDim,
} from "../../lib/tensor/operation.ts";
import { scan } from "../../lib/tensor/scan.ts";
import { imageSamples } from "./image_samples.ts";
import type { Sampler } from "./sampler.ts";

/** Draws a program around one operation. */
type Sample = (sampler: Sampler) => Node;

const elementwise =
  (operation: (x: Node) => Node, low?: number, high?: number): Sample => (s) =>
    operation(s.floats(s.shape(), low, high));

/** Two float operands, one of them perhaps to be broadcast. */
const pair =
  (operation: (a: Node, b: Node) => Node, low?: number, high?: number) =>
  (s: Sampler): Node => {
    const shape = s.shape();
    const operands = [s.floats(shape, low, high)];
    operands.push(s.floats(s.partOf(shape), low, high));
    return s.chance()
      ? operation(operands[0], operands[1])
      : operation(operands[1], operands[0]);
  };

/** Pairs of floats or of whole numbers. */
const numbers = (operation: (a: Node, b: Node) => Node): Sample => (s) => {
  if (s.chance()) return pair(operation)(s);
  const shape = s.shape();
  return operation(s.integers(shape, 4), s.integers(s.partOf(shape), 4));
};

const flags = (operation: (a: Node, b: Node) => Node): Sample => (s) => {
  const shape = s.shape();
  return operation(s.flags(shape), s.flags(s.partOf(shape)));
};

const reduction =
  (operation: (x: Node, axes: number[], keepDims: boolean) => Node): Sample =>
  (s) => {
    const shape = s.shape();
    const axes = shape.map((_, axis) => axis).filter(() => s.chance());
    return operation(s.floats(shape), axes, s.chance());
  };

function drawMatmul(s: Sampler): Node {
  const batch = s.chance() ? [] : [s.size()];
  const [transposeA, transposeB] = [s.chance(), s.chance()];
  const [k, n] = [s.size(), s.size()];
  const m = s.leading;
  const shapes: Shape[] = [
    transposeA ? [k, m] : [m, k],
    transposeB ? [n, k] : [k, n],
  ];
  const [a, b] = shapes.map((shape) => s.floats([...batch, ...shape]));
  return matmul(a, b, { transposeA, transposeB });
}

function drawReshape(s: Sampler): Node {
  const [first, second] = [s.size(), s.size()];
  const x = s.floats([s.leading, first, second]);
  return s.chance()
    ? reshape(x, [second, s.leading, 1, first])
    : reshape(x, [multiplyDims([s.leading, first]), second]);
}

function drawTranspose(s: Sampler): Node {
  const x = s.floats(s.shape());
  const permutation = Int32Array.from(x.shape.keys());
  s.random.shuffle(permutation);
  return transpose(x, [...permutation]);
}

function drawSlice(s: Sampler): Node {
  const x = s.floats(s.shape(2 + s.random.integer(2)));
  const axis = x.shape.length - 1;
  const size = staticDim(x.shape[axis]);
  const start = s.random.integer(size);
  return slice(x, axis, start, start + 1 + s.random.integer(size - start));
}

function drawConcat(s: Sampler): Node {
  const parts = Array.from(
    { length: 1 + s.size() },
    () => s.floats([s.leading, s.size(), 2]),
  );
  return concat(parts, 1);
}

function drawGather(s: Sampler): Node {
  const rows = s.size();
  const data = s.floats(s.chance() ? [rows] : [rows, s.size()]);
  return gather(data, s.integers(s.shape(1 + s.random.integer(2)), rows));
}

function drawScatterAdd(s: Sampler): Node {
  const indices = s.shape(1 + s.random.integer(2));
  const rest = s.chance() ? [] : [s.size()];
  const rows = s.size();
  return scatterAdd(
    s.integers(indices, rows),
    s.floats([...indices, ...rest]),
    rows,
  );
}

function drawCast(s: Sampler): Node {
  const shape = s.shape();
  const sources = [
    () => cast(s.floats(shape), "int32"),
    () => cast(s.floats(shape), "bool"),
    () => cast(s.floats(shape), "float32"),
    () => cast(s.integers(shape, 3), "float32"),
    () => cast(s.integers(shape, 3), "bool"),
    () => cast(s.flags(shape), "float32"),
    () => cast(s.flags(shape), "int32"),
  ];
  return sources[s.random.integer(sources.length)]();
}

/** Running sums of rows, and every row times the state before it. */
function drawScan(s: Sampler): { last: Node; stacked: Node } {
  const width = s.size();
  const factor = s.floats([width]);
  const { carry, outputs } = scan(
    { total: s.floats([width]), steps: s.integers([], 3) },
    { row: s.floats([s.leading, width]), shift: s.integers([s.leading], 3) },
    ({ total, steps }, { row, shift }) => ({
      carry: {
        total: add(total, multiply(row, factor)),
        steps: add(steps, shift),
      },
      outputs: { product: multiply(total, row) },
    }),
    // A reader of operator set 9 can go back only a known number of steps.
    { reverse: typeof s.leading === "number" && s.chance() },
  );
  return { last: carry.total, stacked: outputs.product };
}

/** A random program for every operation. */
export const operationSamples: { readonly [Op in OpName]: Sample } = {
  input: (s) => s.chance() ? s.floats(s.shape()) : s.integers(s.shape(), 9),
  constant: (s) => {
    const data = Float32Array.from({ length: 6 }, () => s.random.normal());
    return multiply(constant(data, [2, 3]), s.floats([s.leading, 1, 3]));
  },
  negate: elementwise(negate),
  exp: elementwise(exp),
  log: elementwise(log, 0.25, 3),
  sqrt: elementwise(sqrt, 0.25, 3),
  tanh: elementwise(tanh),
  sigmoid: elementwise(sigmoid),
  swish: elementwise(swish),
  leakyRelu: (s) => leakyRelu(s.floats(s.shape()), s.chance() ? 0 : 0.01),
  abs: elementwise(abs),
  sign: elementwise(sign),
  add: numbers(add),
  subtract: numbers(subtract),
  multiply: numbers(multiply),
  divide: pair(divide, 0.4, 2),
  maximum: pair(maximum),
  minimum: pair(minimum),
  less: numbers(less),
  lessOrEqual: numbers(lessOrEqual),
  equal: numbers(equal),
  and: flags(and),
  or: flags(or),
  not: (s) => not(s.flags(s.shape())),
  select: (s) => {
    const shape = s.shape();
    const condition = s.flags(s.partOf(shape));
    const operands = () => s.chance() ? shape : s.partOf(shape);
    return s.chance()
      ? select(condition, s.floats(shape), s.floats(operands()))
      : select(condition, s.integers(operands(), 9), s.integers(shape, 9));
  },
  reduceSum: reduction(sum),
  reduceMax: reduction(reduceMax),
  argMax: (s) => {
    // Never along the leading axis, which may be empty: nothing is largest.
    const x = s.floats(s.shape(2 + s.random.integer(2)));
    return argMax(x, 1 + s.random.integer(x.shape.length - 1));
  },
  softmax: elementwise(softmax),
  matmul: drawMatmul,
  ...imageSamples,
  reshape: drawReshape,
  transpose: drawTranspose,
  broadcast: (s) => {
    const shape = s.shape();
    // The operand itself may be too small to tell the leading size.
    s.floats([s.leading]);
    return broadcast(s.floats(s.partOf(shape)), shape);
  },
  slice: drawSlice,
  concat: drawConcat,
  gather: drawGather,
  scatterAdd: drawScatterAdd,
  cast: drawCast,
  stopGradient: elementwise(stopGradient),
  scan: (s) => drawScan(s).last,
  scanOutput: (s) => drawScan(s).stacked,
};

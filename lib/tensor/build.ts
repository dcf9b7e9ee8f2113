/** Builder functions: write tensor programs as mathematics. */
import { addDims } from "./dims.ts";
import {
  type ConstantData,
  type ConvolutionAttributes,
  type Dim,
  type DType,
  isOp,
  type Node,
  type OpAttributes,
  type OpName,
  type PoolAttributes,
  type Shape,
  staticDim,
  staticSize,
} from "./operation.ts";
import { sameShape, shapeRules } from "./shape_rules.ts";

/** A node, or a number that becomes a scalar of the other operand's type. */
export type Operand = Node | number;

/** Makes any node but inputs and constants; throws TypeError on a misfit. */
export function makeNode<Op extends OpName>(
  op: Op,
  inputs: readonly Node[],
  attributes: OpAttributes[Op],
): Node<Op> {
  return { op, inputs, attributes, ...shapeRules[op](inputs, attributes) };
}

/** A named value fed from outside. */
export function input(
  name: string,
  shape: Shape,
  dtype: DType = "float32",
): Node<"input"> {
  return { op: "input", inputs: [], attributes: { name }, shape, dtype };
}

const dtypeOf = (data: ConstantData): DType =>
  data instanceof Float32Array
    ? "float32"
    : data instanceof Int32Array
    ? "int32"
    : "bool";

/** A constant: a number (float32 scalar), or data with its shape. */
export function constant(
  value: number | ConstantData,
  shape: Shape = typeof value === "number" ? [] : [value.length],
): Node<"constant"> {
  const data = typeof value === "number" ? Float32Array.of(value) : value;
  if (data.length !== staticSize(shape)) {
    throw new TypeError(`constant: ${data.length} values for shape [${shape}]`);
  }
  const dtype = dtypeOf(data);
  return { op: "constant", inputs: [], attributes: { data }, shape, dtype };
}

/** An int32 constant. */
export function integerConstant(values: readonly number[]): Node {
  return constant(Int32Array.from(values));
}

function operands(...values: Operand[]): Node[] {
  const typed = values.find((value) => typeof value !== "number");
  const integer = typeof typed === "object" && typed.dtype === "int32";
  return values.map((value) =>
    typeof value !== "number"
      ? value
      : integer
      ? constant(Int32Array.of(value), [])
      : constant(value)
  );
}

const unary = (
  op:
    | "negate"
    | "exp"
    | "log"
    | "sqrt"
    | "tanh"
    | "sigmoid"
    | "swish"
    | "abs"
    | "sign"
    | "softmax"
    | "not",
) =>
(x: Node): Node => makeNode(op, [x], {});

export const negate = unary("negate");
export const exp = unary("exp");
export const log = unary("log");
export const sqrt = unary("sqrt");
export const tanh = unary("tanh");
export const sigmoid = unary("sigmoid");
/** x * sigmoid(x) (Ramachandran et al. 2017). */
export const swish = unary("swish");
/** x where it is above 0, `slope` * x elsewhere (Maas et al. 2013). */
export function leakyRelu(x: Node, slope = 0.01): Node {
  return makeNode("leakyRelu", [x], { slope });
}

/** The larger of x and 0. */
export function relu(x: Node): Node {
  return leakyRelu(x, 0);
}

export const abs = unary("abs");
export const sign = unary("sign");
/** Softmax along the last axis. */
export const softmax = unary("softmax");
export const not = unary("not");

const binary = (
  op:
    | "add"
    | "subtract"
    | "multiply"
    | "divide"
    | "maximum"
    | "minimum"
    | "less"
    | "lessOrEqual"
    | "equal"
    | "and"
    | "or",
) =>
(a: Operand, b: Operand): Node => makeNode(op, operands(a, b), {});

export const add = binary("add");
export const subtract = binary("subtract");
export const multiply = binary("multiply");
export const divide = binary("divide");
export const maximum = binary("maximum");
export const minimum = binary("minimum");
export const less = binary("less");
export const lessOrEqual = binary("lessOrEqual");
export const equal = binary("equal");
export const and = binary("and");
export const or = binary("or");

/** condition ? a : b, element by element. */
export function select(condition: Node, a: Operand, b: Operand): Node {
  const [x, y] = operands(a, b);
  return makeNode("select", [condition, x, y], {});
}

/** x limited to low..high. */
export function clamp(x: Node, low: Operand, high: Operand): Node {
  return minimum(maximum(x, low), high);
}

/** x * x. */
export function square(x: Node): Node {
  return multiply(x, x);
}

const allAxes = (x: Node): number[] => x.shape.map((_, axis) => axis);

/** Sum over `axes` (default all); they disappear unless `keepDims`. */
export function sum(
  x: Node,
  axes: readonly number[] = allAxes(x),
  keepDims = false,
): Node {
  return makeNode("reduceSum", [x], { axes, keepDims });
}

/** Mean over `axes` (default all) of known sizes. */
export function mean(
  x: Node,
  axes: readonly number[] = allAxes(x),
  keepDims = false,
): Node {
  const count = axes.reduce((n, axis) => n * staticDim(x.shape[axis]), 1);
  return multiply(sum(x, axes, keepDims), 1 / count);
}

/** Largest value over `axes`. */
export function reduceMax(
  x: Node,
  axes: readonly number[] = allAxes(x),
  keepDims = false,
): Node {
  return makeNode("reduceMax", [x], { axes, keepDims });
}

/** Index (int32) of the first largest value along `axis`. */
export function argMax(x: Node, axis = x.shape.length - 1): Node {
  return makeNode("argMax", [x], { axis });
}

/** Matrix product `[..., m, k] x [..., k, n]`. */
export function matmul(
  a: Node,
  b: Node,
  { transposeA = false, transposeB = false } = {},
): Node {
  return makeNode("matmul", [a, b], { transposeA, transposeB });
}

/**
 * Slides kernels `[o, c, kh, kw]` over images `[n, c, h, w]`, without turning
 * them, and adds a bias `[o]` -> `[n, o, (h + 2 padding - kh) / stride + 1
 * rounded down, ...]`.
 */
export function convolution(
  x: Node,
  kernels: Node,
  bias: Node,
  { stride = 1, padding = 0 }: Partial<ConvolutionAttributes> = {},
): Node {
  return makeNode("convolution", [x, kernels, bias], { stride, padding });
}

/** Largest value of each window of images `[n, c, h, w]`. */
export function maxPool(x: Node, attributes: PoolAttributes): Node {
  return makeNode("maxPool", [x, x], attributes);
}

/**
 * Layer norm over the last axis, without learned scale (Ba et al. 2016):
 * (x - mean) / sqrt(variance + 1e-5).
 */
export function layerNorm(x: Node): Node {
  const last = [x.shape.length - 1];
  const centered = subtract(x, mean(x, last, true));
  const variance = mean(square(centered), last, true);
  return multiply(centered, divide(1, sqrt(add(variance, 1e-5))));
}

/** The same elements in another shape. */
export function reshape(x: Node, shape: Shape): Node {
  return makeNode("reshape", [x], { shape });
}

/** All elements in one axis. */
export function flatten(x: Node): Node {
  return reshape(x, [staticSize(x.shape)]);
}

/** Reorders axes; without a permutation it reverses them. */
export function transpose(
  x: Node,
  permutation: readonly number[] = allAxes(x).reverse(),
): Node {
  return makeNode("transpose", [x], { permutation });
}

/** Repeats x along new or unit axes. */
export function broadcast(x: Node, shape: Shape): Node {
  return makeNode("broadcast", [x], { shape });
}

/** Elements `start` to `end` (exclusive) along `axis`. */
export function slice(x: Node, axis: number, start: Dim, end: Dim): Node {
  return makeNode("slice", [x], { axis, start, end });
}

/** Cuts `axis` into pieces of the given sizes. */
export function split(x: Node, axis: number, sizes: Shape): Node[] {
  if (sizes.length === 1 && sizes[0] === x.shape[axis]) return [x];
  let start: Dim = 0;
  return sizes.map((size) =>
    slice(x, axis, start, start = addDims([start, size]))
  );
}

/** Joins along `axis`. */
export function concat(parts: readonly Node[], axis: number): Node {
  return parts.length === 1 ? parts[0] : makeNode("concat", parts, { axis });
}

/** Rows of `data` by index: `[n, ...r]`, `[...i]` -> `[...i, ...r]`. */
export function gather(data: Node, indices: Node): Node {
  return makeNode("gather", [data, indices], {});
}

/** Sums rows into `rows` zero rows by index: the reverse of `gather`. */
export function scatterAdd(indices: Node, updates: Node, rows: number): Node {
  return makeNode("scatterAdd", [indices, updates], { rows });
}

/** Converts the element type; bool becomes 0 and 1. */
export function cast(x: Node, dtype: DType): Node {
  return makeNode("cast", [x], { dtype });
}

/** The same value, taken as given: no gradient flows through. */
export function stopGradient(x: Node): Node {
  return makeNode("stopGradient", [x], {});
}

/** One-hot rows of int32 indices: `[...i]` -> `[...i, size]` float32. */
export function oneHot(indices: Node, size: number): Node {
  const columns = integerConstant(Array.from({ length: size }, (_, i) => i));
  const column = reshape(indices, [...indices.shape, 1]);
  return cast(equal(column, columns), "float32");
}

/** Values by name. */
export type Nodes = Readonly<Record<string, Node>>;

/** Sums `x` down to `shape`, the reverse of broadcasting. */
export function sumTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.shape.length - shape.length;
  const axes = x.shape.flatMap((dim, axis) => {
    const target: Dim | undefined = shape[axis - extra];
    return axis < extra || (target === 1 && dim !== 1) ? [axis] : [];
  });
  const summed = sum(x, axes, false);
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}

/** True for a constant scalar of that value. */
export function isScalar(node: Node, value: number): boolean {
  return isOp(node, "constant") && node.attributes.data.length === 1 &&
    node.attributes.data[0] === value;
}

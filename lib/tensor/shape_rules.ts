/** Shape and type of every operation's result; rejects what does not fit. */
import { addDims, isNatural, multiplyDims, subtractDims } from "./dims.ts";
import {
  describeShape,
  type Dim,
  type DType,
  isOp,
  type Node,
  type OpAttributes,
  type OpName,
  type Shape,
} from "./operation.ts";
import { imageShapeRules } from "./image_shape_rules.ts";
import {
  checkAxes,
  expect,
  fail,
  type ShapeRule,
  type TensorType,
} from "./shape_checks.ts";

/** The common shape of two operands by NumPy's broadcasting rule. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new TypeError(
        `shapes ${describeShape(a)} and ${describeShape(b)} do not broadcast`,
      );
    }
    result.push(x === 1 ? y : x);
  }
  return result;
}

/** True when both shapes have the same sizes, symbolic ones by name. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

/** `float32[64, 128]` as text. */
export function describeType({ dtype, shape }: TensorType): string {
  return dtype + describeShape(shape);
}

const unary = (op: OpName): ShapeRule<OpName> => (inputs) => {
  expect(op, inputs, "float32");
  return { shape: inputs[0].shape, dtype: "float32" };
};

const binary = (
  op: OpName,
  dtypes: string,
  result?: DType,
): ShapeRule<OpName> =>
(inputs) => {
  expect(op, inputs, `${dtypes},${dtypes}`);
  const [a, b] = inputs;
  if (a.dtype !== b.dtype) fail(op, `mixes ${a.dtype} and ${b.dtype}`);
  return { shape: broadcastShapes(a.shape, b.shape), dtype: result ?? a.dtype };
};

const reduction = (op: "reduceSum" | "reduceMax") =>
(
  inputs: readonly Node[],
  { axes, keepDims }: OpAttributes["reduceSum"],
): TensorType => {
  expect(op, inputs, "float32");
  checkAxes(op, inputs[0], axes);
  const repeated = axes.find((axis, i) => axes.indexOf(axis) !== i);
  if (repeated !== undefined) fail(op, `names axis ${repeated} twice`);
  const kept: Dim[] = [];
  inputs[0].shape.forEach((dim, axis) => {
    if (!axes.includes(axis)) kept.push(dim);
    else if (keepDims) kept.push(1);
  });
  return { shape: kept, dtype: "float32" };
};

function matmulShape(
  inputs: readonly Node[],
  { transposeA, transposeB }: OpAttributes["matmul"],
): TensorType {
  expect("matmul", inputs, "float32,float32");
  const [a, b] = inputs.map((node) => node.shape);
  if (a.length < 2 || a.length !== b.length) {
    fail("matmul", `ranks of ${describeShape(a)} and ${describeShape(b)}`);
  }
  const [m, k] = transposeA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [k2, n] = transposeB ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  const batch = a.slice(0, -2);
  if (k !== k2 || !sameShape(batch, b.slice(0, -2))) {
    fail("matmul", `${describeShape(a)} by ${describeShape(b)} does not fit`);
  }
  if (m === undefined || n === undefined) fail("matmul", "rank below 2");
  return { shape: [...batch, m, n], dtype: "float32" };
}

function reshapeShape(
  [x]: readonly Node[],
  { shape }: OpAttributes["reshape"],
): TensorType {
  if (multiplyDims(x.shape) !== multiplyDims(shape)) {
    fail("reshape", `${describeShape(x.shape)} to ${describeShape(shape)}`);
  }
  return { shape, dtype: x.dtype };
}

function concatShape(
  inputs: readonly Node[],
  { axis }: OpAttributes["concat"],
): TensorType {
  const [first] = inputs;
  if (!first) fail("concat", "needs an input");
  checkAxes("concat", first, [axis]);
  for (const node of inputs) {
    const fits = node.dtype === first.dtype &&
      node.shape.length === first.shape.length &&
      node.shape.every((dim, i) => i === axis || dim === first.shape[i]);
    if (!fits) {
      fail(
        "concat",
        `${describeShape(node.shape)} beside ${describeShape(first.shape)}`,
      );
    }
  }
  const total = addDims(inputs.map(({ shape }) => shape[axis]));
  const shape = first.shape.map((dim, i) => i === axis ? total : dim);
  return { shape, dtype: first.dtype };
}

function sliceShape(
  [x]: readonly Node[],
  { axis, start, end }: OpAttributes["slice"],
): TensorType {
  checkAxes("slice", x, [axis]);
  const size = x.shape[axis];
  const taken = subtractDims(end, start);
  if (![start, taken, subtractDims(size, end)].every(isNatural)) {
    fail("slice", `${start}..${end} of ${size}`);
  }
  const shape = x.shape.map((dim, i) => i === axis ? taken : dim);
  return { shape, dtype: x.dtype };
}

function scanShape(
  inputs: readonly Node[],
  { body, length }: OpAttributes["scan"],
): TensorType {
  const parts = body.carry.length + body.slices.length + body.captured.length;
  if (inputs.length !== parts) fail("scan", "input count");
  const [before, after] = [body.carry.length, body.nextCarry.length];
  if (before !== after) fail("scan", `${before} carries become ${after}`);
  body.carry.forEach((input, i) => {
    for (const other of [inputs[i], body.nextCarry[i]]) {
      if (!sameType(input, other)) {
        const { name } = input.attributes;
        const [inside, outside] = [input, other].map(describeType);
        fail("scan", `carry "${name}" is ${inside} inside and ${outside} else`);
      }
    }
  });
  body.slices.forEach(({ shape, dtype }, i) => {
    const whole = inputs[body.carry.length + i];
    if (!sameType(whole, { shape: [length, ...shape], dtype })) {
      fail("scan", `slices of ${describeType(whole)}`);
    }
  });
  const captured = inputs.slice(body.carry.length + body.slices.length);
  if (captured.some((node, i) => node !== body.captured[i])) {
    fail("scan", "captured values are not the inputs");
  }
  return { shape: [], dtype: "float32" };
}

function scanOutputShape(
  [scan]: readonly Node[],
  { index }: OpAttributes["scanOutput"],
): TensorType {
  if (!isOp(scan, "scan")) return fail("scanOutput", "needs a scan");
  const { body, length } = scan.attributes;
  const carry = body.carry[index];
  if (carry) return { shape: carry.shape, dtype: carry.dtype };
  const output = body.outputs[index - body.carry.length];
  if (!output) fail("scanOutput", `no output ${index}`);
  return { shape: [length, ...output.shape], dtype: output.dtype };
}

/** The result type of every operation. Throws TypeError on a misfit. */
export const shapeRules: { readonly [Op in OpName]: ShapeRule<Op> } = {
  input: () => fail("input", "carries its own type"),
  constant: () => fail("constant", "carries its own type"),
  negate: unary("negate"),
  exp: unary("exp"),
  log: unary("log"),
  sqrt: unary("sqrt"),
  tanh: unary("tanh"),
  sigmoid: unary("sigmoid"),
  swish: unary("swish"),
  leakyRelu: (inputs, attributes) => {
    const { slope } = attributes;
    if (!(0 <= slope && slope < 1)) fail("leakyRelu", `slope ${slope}`);
    return unary("leakyRelu")(inputs, attributes);
  },
  abs: unary("abs"),
  sign: unary("sign"),
  add: binary("add", "float32|int32"),
  subtract: binary("subtract", "float32|int32"),
  multiply: binary("multiply", "float32|int32"),
  divide: binary("divide", "float32"),
  maximum: binary("maximum", "float32"),
  minimum: binary("minimum", "float32"),
  less: binary("less", "float32|int32", "bool"),
  lessOrEqual: binary("lessOrEqual", "float32|int32", "bool"),
  equal: binary("equal", "float32|int32", "bool"),
  and: binary("and", "bool"),
  or: binary("or", "bool"),
  not: (inputs) => {
    expect("not", inputs, "bool");
    return { shape: inputs[0].shape, dtype: "bool" };
  },
  select: (inputs) => {
    expect("select", inputs, "bool,float32|int32,float32|int32");
    const [condition, a, b] = inputs;
    if (a.dtype !== b.dtype) fail("select", "mixes element types");
    const shape = broadcastShapes(
      condition.shape,
      broadcastShapes(a.shape, b.shape),
    );
    return { shape, dtype: a.dtype };
  },
  reduceSum: reduction("reduceSum"),
  reduceMax: reduction("reduceMax"),
  argMax: (inputs, { axis }) => {
    expect("argMax", inputs, "float32");
    checkAxes("argMax", inputs[0], [axis]);
    const shape = inputs[0].shape.filter((_, i) => i !== axis);
    return { shape, dtype: "int32" };
  },
  softmax: (inputs, attributes) => {
    if (inputs[0].shape.length === 0) fail("softmax", "needs an axis");
    return unary("softmax")(inputs, attributes);
  },
  matmul: matmulShape,
  ...imageShapeRules,
  reshape: reshapeShape,
  transpose: ([x], { permutation }) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (
      sorted.length !== x.shape.length || sorted.some((axis, i) => axis !== i)
    ) fail("transpose", `permutation ${permutation} of rank ${x.shape.length}`);
    return { shape: permutation.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  broadcast: ([x], { shape }) => {
    if (!sameShape(broadcastShapes(x.shape, shape), shape)) {
      fail("broadcast", `${describeShape(x.shape)} to ${describeShape(shape)}`);
    }
    return { shape, dtype: x.dtype };
  },
  slice: sliceShape,
  concat: concatShape,
  gather: (inputs) => {
    expect("gather", inputs, "any,int32");
    const [data, indices] = inputs;
    if (data.shape.length < 1) fail("gather", "needs rows");
    const shape = [...indices.shape, ...data.shape.slice(1)];
    return { shape, dtype: data.dtype };
  },
  scatterAdd: (inputs, { rows }) => {
    expect("scatterAdd", inputs, "int32,float32");
    const [indices, updates] = inputs;
    const rank = indices.shape.length;
    if (!sameShape(updates.shape.slice(0, rank), indices.shape)) {
      fail("scatterAdd", "rows do not match the indices");
    }
    return { shape: [rows, ...updates.shape.slice(rank)], dtype: "float32" };
  },
  cast: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  stopGradient: ([{ shape, dtype }]) => ({ shape, dtype }),
  scan: scanShape,
  scanOutput: scanOutputShape,
};

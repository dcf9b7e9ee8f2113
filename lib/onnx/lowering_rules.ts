/** How every operation of the tensor program becomes ONNX nodes. */
import {
  type Dim,
  isOp,
  type Node,
  type OpName,
  type ScanBody,
  staticSize,
} from "../tensor/operation.ts";
import { sameShape } from "../tensor/shape_rules.ts";
import type { GraphWriter } from "./graph_writer.ts";
import { imageLoweringRules } from "./image_lowering_rules.ts";
import { OnnxType } from "./onnx_schema.ts";

/** What a lowering rule works with. */
export interface LoweringContext {
  readonly writer: GraphWriter;
  /** ONNX operator set; 9 for Unity's reader, a recent one to run here. */
  readonly opset: number;
  /** May use onnxruntime's own fused operators. */
  readonly fused: boolean;
  /** The name of a node's value, written first where that is needed. */
  readonly nameOf: (node: Node) => string;
  /** True when the node's only reader may swallow it. */
  readonly swallows: (node: Node) => boolean;
  /** A node equal to the given one that is computed anyway. */
  readonly isComputed: (op: OpName, input: Node) => Node | undefined;
  /** Names of values that several rules share: written at the first call. */
  readonly once: (
    key: string,
    write: () => readonly string[],
  ) => readonly string[];
  /** An int64 vector of sizes; symbolic ones are read from an input. */
  readonly sizes: (shape: readonly Dim[]) => string;
  /** A symbolic size as an int64 vector of one, read from an input. */
  readonly readSize: (dim: string) => string;
  /** A graph inside this one: a loop's body, which sees the names around it. */
  readonly openBody: (body: ScanBody) => LoweringContext;
  /** Says where the value of a node is found. */
  readonly setName: (node: Node, name: string) => void;
  readonly lowerSlice: (node: Node<"slice">) => string;
  readonly lowerScan: (node: Node<"scan">) => string;
  readonly lowerScanOutput: (node: Node<"scanOutput">) => string;
}

export type LoweringRule<Op extends OpName> = (
  node: Node<Op>,
  context: LoweringContext,
) => string;

const microsoft = { domain: "com.microsoft" };

const direct = (opType: string): LoweringRule<OpName> => (node, context) =>
  context.writer.emit(opType, node.inputs.map(context.nameOf));

const reduction = (
  opType: string,
  axesAreInput: number,
): LoweringRule<"reduceSum" | "reduceMax"> =>
(node, { writer, nameOf, opset }) => {
  const { axes, keepDims } = node.attributes;
  const x = nameOf(node.inputs[0]);
  // No axes would mean all of them to ONNX.
  if (axes.length === 0) return x;
  const keepdims = { int: Number(keepDims) };
  return opset >= axesAreInput
    ? writer.emit(opType, [x, writer.integers(axes)], { keepdims })
    : writer.emit(opType, [x], { axes: { ints: axes }, keepdims });
};

/** A matrix product, with its bias where there is one. */
function product(
  node: Node<"matmul">,
  context: LoweringContext,
  bias: readonly Node[] = [],
): string {
  const { writer, nameOf, fused, opset } = context;
  const { transposeA, transposeB } = node.attributes;
  const [a, b] = node.inputs;
  const flags = {
    transA: { int: Number(transposeA) },
    transB: { int: Number(transposeB) },
  };
  // Gemm's third operand was not optional at first.
  if (node.shape.length === 2 && (bias.length > 0 || opset >= 11)) {
    return writer.emit("Gemm", [a, b, ...bias].map(nameOf), flags);
  }
  if (fused) {
    return writer.emit("FusedMatMul", [a, b].map(nameOf), flags, microsoft);
  }
  const operands = [a, b].map((x, i) => {
    if (!(i === 0 ? transposeA : transposeB)) return nameOf(x);
    const axes = x.shape.map((_, axis) => axis);
    const perm = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
    return writer.emit("Transpose", [nameOf(x)], { perm: { ints: perm } });
  });
  return writer.emit("MatMul", operands);
}

/** Gemm adds its third operand for free: matmul plus a bias row. */
const lowerAdd: LoweringRule<"add"> = (node, context) => {
  const [a, b] = node.inputs;
  for (const [x, bias] of [[a, b], [b, a]]) {
    const fits = isOp(x, "matmul") && x.shape.length === 2 &&
      sameShape(node.shape, x.shape) && bias.shape.at(-1) === x.shape[1] &&
      context.swallows(x);
    if (fits) return product(x, context, [bias]);
  }
  return direct("Add")(node, context);
};

/** Before operator set 11 floats could not be compared for equality. */
const lowerEqual: LoweringRule<"equal"> = (node, context) => {
  if (context.opset >= 11 || node.inputs[0].dtype !== "float32") {
    return direct("Equal")(node, context);
  }
  const { writer } = context;
  const operands = node.inputs.map(context.nameOf);
  const sides = ["Less", "Greater"].map((side) => writer.emit(side, operands));
  return writer.emit("Not", [writer.emit("Or", sides)]);
};

/** min(max(x, low), high) with constant bounds is one operator. */
const lowerMinimum: LoweringRule<"minimum"> = (node, context) => {
  const [limited, high] = node.inputs;
  const [x, low] = limited.inputs;
  const isBound = (bound: Node | undefined): bound is Node<"constant"> =>
    bound !== undefined && isOp(bound, "constant") && bound.shape.length === 0;
  if (
    isOp(limited, "maximum") && isBound(high) && isBound(low) &&
    context.swallows(limited)
  ) {
    return context.opset >= 11
      ? context.writer.emit("Clip", [x, low, high].map(context.nameOf))
      : context.writer.emit("Clip", [context.nameOf(x)], {
        min: { float: low.attributes.data[0] },
        max: { float: high.attributes.data[0] },
      });
  }
  return direct("Min")(node, context);
};

const lowerSwish: LoweringRule<"swish"> = (node, context) => {
  const { writer, nameOf } = context;
  const [x] = node.inputs;
  const gate = context.isComputed("sigmoid", x);
  if (context.fused && !gate) {
    const alpha = { float: 1 };
    return writer.emit("QuickGelu", [nameOf(x)], { alpha }, microsoft);
  }
  const sigmoid = gate ? nameOf(gate) : writer.emit("Sigmoid", [nameOf(x)]);
  return writer.emit("Mul", [nameOf(x), sigmoid]);
};

const lowerConstant: LoweringRule<"constant"> = (node, { writer }) =>
  writer.addInitializer(
    node.dtype,
    node.attributes.data,
    node.shape.map(Number),
  );

const lowerBroadcast: LoweringRule<"broadcast"> = (node, context) =>
  context.writer.emit("Expand", [
    context.nameOf(node.inputs[0]),
    context.sizes(node.shape),
  ]);

const lowerReshape: LoweringRule<"reshape"> = (node, context) => {
  const { writer } = context;
  const { shape } = node.attributes;
  const x = context.nameOf(node.inputs[0]);
  // One unknown size follows from the others.
  const unknown = shape.filter((dim) => typeof dim === "string");
  if (unknown.length < 2) {
    const sizes = shape.map((dim) => typeof dim === "number" ? dim : -1);
    return writer.emit("Reshape", [x, writer.integers(sizes)]);
  }
  // Until operator set 14 a size of 0 meant the same size as before.
  return writer.emit("Reshape", [x, context.sizes(shape)], {
    ...(context.opset >= 14 && { allowzero: { int: 1 } }),
  });
};

/** Sums rows one after the other, so results repeat bit for bit. */
const lowerScatterAdd: LoweringRule<"scatterAdd"> = (node, context) => {
  const { writer, nameOf, opset } = context;
  if (opset < 16) throw new TypeError("scatterAdd needs operator set 16");
  const [indices, updates] = node.inputs;
  const rank = indices.shape.length;
  const width = staticSize(updates.shape.slice(rank));
  const zero = writer.addInitializer("float32", Float32Array.of(0), [1]);
  const rows = [node.attributes.rows, width];
  const zeros = writer.emit("Expand", [zero, writer.integers(rows)]);
  const flat = writer.emit("Reshape", [
    nameOf(updates),
    writer.integers([-1, width]),
  ]);
  const column = writer.emit("Reshape", [
    nameOf(indices),
    writer.integers([-1, 1]),
  ]);
  const positions = writer.emit("Expand", [
    column,
    writer.emit("Shape", [flat]),
  ]);
  const sums = writer.emit("ScatterElements", [zeros, positions, flat], {
    axis: { int: 0 },
    reduction: { text: "add" },
  });
  return writer.emit("Reshape", [sums, context.sizes(node.shape)]);
};

/** The ONNX form of every operation. */
export const loweringRules: { readonly [Op in OpName]: LoweringRule<Op> } = {
  input: (node) => node.attributes.name,
  constant: lowerConstant,
  negate: direct("Neg"),
  exp: direct("Exp"),
  log: direct("Log"),
  sqrt: direct("Sqrt"),
  tanh: direct("Tanh"),
  sigmoid: direct("Sigmoid"),
  swish: lowerSwish,
  leakyRelu: ({ inputs: [x], attributes: { slope } }, { writer, nameOf }) =>
    slope === 0
      ? writer.emit("Relu", [nameOf(x)])
      : writer.emit("LeakyRelu", [nameOf(x)], { alpha: { float: slope } }),
  abs: direct("Abs"),
  sign: direct("Sign"),
  add: lowerAdd,
  subtract: direct("Sub"),
  multiply: direct("Mul"),
  divide: direct("Div"),
  maximum: direct("Max"),
  minimum: lowerMinimum,
  less: direct("Less"),
  lessOrEqual: ({ inputs: [a, b] }, { writer, nameOf, opset }) =>
    opset >= 12
      ? writer.emit("LessOrEqual", [nameOf(a), nameOf(b)])
      : writer.emit("Not", [writer.emit("Greater", [nameOf(a), nameOf(b)])]),
  equal: lowerEqual,
  and: direct("And"),
  or: direct("Or"),
  not: direct("Not"),
  select: direct("Where"),
  reduceSum: reduction("ReduceSum", 13),
  reduceMax: reduction("ReduceMax", 18),
  argMax: (node, { writer, nameOf }) => {
    const axis = { int: node.attributes.axis };
    const index = writer.emit("ArgMax", [nameOf(node.inputs[0])], {
      axis,
      keepdims: { int: 0 },
    });
    return writer.emit("Cast", [index], { to: { int: OnnxType.int32 } });
  },
  softmax: (node, { writer, nameOf }) =>
    writer.emit("Softmax", [nameOf(node.inputs[0])], {
      axis: { int: node.shape.length - 1 },
    }),
  matmul: (node, context) => product(node, context),
  ...imageLoweringRules,
  reshape: lowerReshape,
  transpose: (node, { writer, nameOf }) =>
    writer.emit("Transpose", [nameOf(node.inputs[0])], {
      perm: { ints: node.attributes.permutation },
    }),
  broadcast: lowerBroadcast,
  slice: (node, context) => context.lowerSlice(node),
  concat: (node, { writer, nameOf }) =>
    writer.emit("Concat", node.inputs.map(nameOf), {
      axis: { int: node.attributes.axis },
    }),
  gather: ({ inputs: [data, indices] }, { writer, nameOf }) =>
    writer.emit("Gather", [nameOf(data), nameOf(indices)], {
      axis: { int: 0 },
    }),
  scatterAdd: lowerScatterAdd,
  cast: (node, { writer, nameOf }) =>
    writer.emit("Cast", [nameOf(node.inputs[0])], {
      to: { int: OnnxType[node.dtype] },
    }),
  stopGradient: ({ inputs: [x] }, { nameOf }) => nameOf(x),
  scan: (node, context) => context.lowerScan(node),
  scanOutput: (node, context) => context.lowerScanOutput(node),
};

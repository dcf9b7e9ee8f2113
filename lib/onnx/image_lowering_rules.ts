/** The ONNX form of the operations on stacks of images. */
import {
  type ConvolutionAttributes,
  type ImageOp,
  type Node,
  type PoolAttributes,
  type Shape,
  staticDim,
} from "../tensor/operation.ts";
import type { Attributes } from "./graph_writer.ts";
import type { LoweringContext, LoweringRule } from "./lowering_rules.ts";
import { OnnxType } from "./onnx_schema.ts";

type Integers = readonly number[];

const sidesOf = (shape: Shape): number[] => shape.slice(2).map(staticDim);

function window(
  size: Integers,
  { stride, padding }: ConvolutionAttributes,
): Attributes {
  return {
    kernel_shape: { ints: size },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
  };
}

/** Gradients are for training, which Unity's readers do not do. */
function requireTraining(op: ImageOp, { fused, opset }: LoweringContext): void {
  if (!fused) throw new TypeError(`${op} is not for operator set ${opset}`);
}

/** The leading axis is the other one, and inputs change with outputs. */
function swapLeading({ writer }: LoweringContext, x: string): string {
  return writer.emit("Transpose", [x], { perm: { ints: [1, 0, 2, 3] } });
}

/** Rows and columns from `start` to `end` (exclusive) in steps. */
function cut(
  { writer }: LoweringContext,
  x: string,
  start: Integers,
  end: Integers,
  step: number,
): string {
  const bounds = [start, end, [2, 3], [step, step]];
  const inputs = [x, ...bounds.map((each) => writer.integers(each))];
  return writer.emit("Slice", inputs);
}

/**
 * With stride 1 a convolution of the results with the kernels turned by half,
 * which uses several threads better than a ConvTranspose does.
 */
const lowerInputGradient: LoweringRule<"convolutionInputGradient"> = (
  node,
  context,
) => {
  requireTraining(node.op, context);
  const { writer, nameOf } = context;
  const [results, kernels] = node.inputs;
  const { size, stride, padding } = node.attributes;
  const sides = sidesOf(kernels.shape);
  const names = [results, kernels].map(nameOf);
  if (stride === 1) {
    const last = sides.map((side) => side - 1);
    const before = sides.map((side) => -side - 1);
    const turned = cut(context, names[1], last, before, -1);
    const pads = [...last, ...last].map((each) => each - padding);
    return writer.emit("Conv", [names[0], swapLeading(context, turned)], {
      kernel_shape: { ints: sides },
      pads: { ints: pads },
    });
  }
  // What did not fit a whole step gets no gradient.
  const rest = size.map((side, axis) =>
    (side + 2 * padding - sides[axis]) % stride
  );
  return writer.emit("ConvTranspose", names, {
    ...window(sides, node.attributes),
    output_padding: { ints: rest },
  });
};

/**
 * A convolution of the images with the results as kernels, batch and channels
 * exchanged. With stride 1 matrix products over the places of each element of
 * the kernel are two to three times faster: there are few elements then, and
 * many places.
 */
const lowerWeightGradient: LoweringRule<"convolutionWeightGradient"> = (
  node,
  context,
) => {
  requireTraining(node.op, context);
  const { stride, size } = node.attributes;
  if (stride === 1) return multiplyTaps(node, context);
  const { writer, nameOf } = context;
  const [x, results] = node.inputs;
  const names = [padded(x, node.attributes, context), nameOf(results)];
  const swapped = names.map((name) => swapLeading(context, name));
  const kernels = writer.emit("Conv", swapped, {
    ...window(sidesOf(results.shape), { stride: 1, padding: 0 }),
    dilations: { ints: [stride, stride] },
  });
  const gradient = swapLeading(context, cut(context, kernels, [0, 0], size, 1));
  return zeroWithoutImages(x, gradient, context);
};

/** A Conv that sums over no images leaves its result as memory was. */
function zeroWithoutImages(
  images: Node,
  result: string,
  { writer, nameOf }: LoweringContext,
): string {
  const [count] = images.shape;
  if (typeof count === "number" && count > 0) return result;
  const size = writer.emit("Size", [nameOf(images)]);
  const any = writer.emit("Cast", [size], { to: { int: OnnxType.bool } });
  const zero = writer.addInitializer("float32", Float32Array.of(0), []);
  return writer.emit("Where", [any, result, zero]);
}

/** Fewer channels than this make products too narrow to be fast. */
const narrow = 8;

/**
 * Sums of shifted images x results: an element of the kernels at a time, or
 * all of them side by side where the images have few channels.
 */
function multiplyTaps(
  node: Node<"convolutionWeightGradient">,
  context: LoweringContext,
): string {
  const { writer, nameOf } = context;
  const [x, results] = node.inputs;
  const { size: [height, width] } = node.attributes;
  const [outputs, channels] = node.shape.map(staticDim);
  const [rows, columns] = sidesOf(results.shape);
  const flat = (images: string, depth: number) =>
    writer.emit("Reshape", [
      images,
      writer.integers([-1, depth, rows * columns]),
    ]);
  const join = (parts: readonly string[]) =>
    parts.length > 1
      ? writer.emit("Concat", parts, { axis: { int: 1 } })
      : parts[0];
  const images = padded(x, node.attributes, context);
  const shifted: string[] = [];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const end = [i + rows, j + columns];
      shifted.push(cut(context, images, [i, j], end, 1));
    }
  }
  const right = flat(nameOf(results), outputs);
  const multiply = (left: string, depth: number) =>
    writer.emit(
      "FusedMatMul",
      [flat(left, depth), right],
      { transB: { int: 1 } },
      { domain: "com.microsoft" },
    );
  const products = channels < narrow
    ? multiply(join(shifted), shifted.length * channels)
    : join(shifted.map((each) => multiply(each, channels)));
  const sums = writer.emit("ReduceSum", [products, writer.integers([0])], {
    keepdims: { int: 0 },
  });
  const shape = writer.integers([height, width, channels, outputs]);
  return writer.emit("Transpose", [writer.emit("Reshape", [sums, shape])], {
    perm: { ints: [3, 2, 0, 1] },
  });
}

/** Images with their zeros around: Conv's own padding hangs without images. */
function padded(
  x: Node,
  { padding }: ConvolutionAttributes,
  { writer, nameOf }: LoweringContext,
): string {
  if (padding === 0) return nameOf(x);
  const sides = [0, 0, padding, padding];
  return writer.emit("Pad", [nameOf(x), writer.integers([...sides, ...sides])]);
}

const poolAttributes = ({ window: size, stride }: PoolAttributes) =>
  window([size, size], { stride, padding: 0 });

/** Where the largest values stand, counted through the whole stack, once. */
function positionsOf(
  x: Node,
  attributes: PoolAttributes,
  context: LoweringContext,
): { largest: string; positions: string } {
  const { writer, nameOf } = context;
  const images = nameOf(x);
  const { window, stride } = attributes;
  const key = `MaxPool ${images} ${window} ${stride}`;
  const [largest, positions] = context.once(key, () => {
    const names = ["pooled", "position"].map((hint) => writer.freshName(hint));
    writer.emitAll("MaxPool", [images], names, poolAttributes(attributes));
    return names;
  });
  return { largest, positions };
}

const lowerMaxPool: LoweringRule<"maxPool"> = (node, context) => {
  const [x, values] = node.inputs;
  const { writer, nameOf } = context;
  // Positions take three times as long.
  if (x === values && !context.isComputed("maxUnpool", x)) {
    return writer.emit("MaxPool", [nameOf(x)], poolAttributes(node.attributes));
  }
  const { largest, positions } = positionsOf(x, node.attributes, context);
  if (x === values) return largest;
  const all = writer.emit("Reshape", [nameOf(values), writer.integers([-1])]);
  return writer.emit("Gather", [all, positions]);
};

const lowerMaxUnpool: LoweringRule<"maxUnpool"> = (node, context) => {
  requireTraining(node.op, context);
  const { writer, nameOf } = context;
  const [x, values] = node.inputs;
  const { positions } = positionsOf(x, node.attributes, context);
  const flat = (name: string) =>
    writer.emit("Reshape", [name, writer.integers([-1])]);
  const zero = writer.addInitializer("float32", Float32Array.of(0), [1]);
  const count = writer.emit("Size", [nameOf(x)]);
  const shape = writer.emit("Reshape", [count, writer.integers([1])]);
  // Adds one after the other, so results repeat bit for bit.
  const sums = writer.emit("ScatterElements", [
    writer.emit("Expand", [zero, shape]),
    flat(positions),
    flat(nameOf(values)),
  ], { axis: { int: 0 }, reduction: { text: "add" } });
  return writer.emit("Reshape", [sums, writer.emit("Shape", [nameOf(x)])]);
};

export const imageLoweringRules: {
  readonly [Op in ImageOp]: LoweringRule<Op>;
} = {
  convolution: (node, { writer, nameOf }) => {
    const size = sidesOf(node.inputs[1].shape);
    const attributes = window(size, node.attributes);
    return writer.emit("Conv", node.inputs.map(nameOf), attributes);
  },
  convolutionInputGradient: lowerInputGradient,
  convolutionWeightGradient: lowerWeightGradient,
  maxPool: lowerMaxPool,
  maxUnpool: lowerMaxUnpool,
};

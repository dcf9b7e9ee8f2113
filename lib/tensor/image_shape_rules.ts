/** Result types of the operations on stacks of images. */
import {
  type ConvolutionAttributes,
  describeShape,
  type ImageOp,
  type Node,
  type OpAttributes,
  type Shape,
  staticDim,
} from "./operation.ts";
import { expect, fail, type ShapeRule } from "./shape_checks.ts";

/** `[n, channels, height, width]`; all but the first must be known. */
function checkImages(op: ImageOp, { shape }: Node): void {
  if (shape.length !== 4) fail(op, `${describeShape(shape)} is no stack`);
  shape.slice(1).forEach(staticDim);
}

/** Places for a window of `size` along an axis; at least one. */
function places(
  op: ImageOp,
  size: number,
  window: number,
  { stride, padding }: ConvolutionAttributes,
): number {
  const whole = [size, window, stride].every((each) =>
    Number.isInteger(each) && each > 0
  );
  if (!whole || !Number.isInteger(padding) || padding < 0) {
    fail(op, `window ${window}, stride ${stride}, padding ${padding}`);
  }
  // A padding that covers a whole window would add nothing but the bias.
  if (padding >= window) fail(op, `padding ${padding}, window ${window}`);
  const rest = size + 2 * padding - window;
  if (rest < 0) fail(op, `window ${window} in ${size} + 2 * ${padding}`);
  return Math.floor(rest / stride) + 1;
}

/** Images, kernels and results of one convolution must go together. */
function convolutionResult(
  op: ImageOp,
  images: Shape,
  kernels: Shape,
  attributes: ConvolutionAttributes,
): Shape {
  const [n, channels, ...sides] = images;
  const [outputs, inputs, ...windows] = kernels;
  if (channels !== inputs) {
    fail(op, `${channels} channels for kernels of ${inputs}`);
  }
  const rest = sides.map((side, axis) =>
    places(op, staticDim(side), staticDim(windows[axis]), attributes)
  );
  return [n, outputs, ...rest];
}

function checkResult(op: ImageOp, expected: Shape, { shape }: Node): void {
  if (expected.some((dim, axis) => dim !== shape[axis])) {
    const [wanted, found] = [expected, shape].map(describeShape);
    fail(op, `results are ${wanted}, not ${found}`);
  }
}

function poolResult(
  op: ImageOp,
  x: Node,
  { window, stride }: OpAttributes["maxPool"],
): Shape {
  const [n, channels, ...sides] = x.shape;
  return [
    n,
    channels,
    ...sides.map((side) =>
      places(op, staticDim(side), window, { stride, padding: 0 })
    ),
  ];
}

export const imageShapeRules: { readonly [Op in ImageOp]: ShapeRule<Op> } = {
  convolution: (inputs, attributes) => {
    const op = "convolution";
    expect(op, inputs, "float32,float32,float32");
    const [x, kernels, bias] = inputs;
    [x, kernels].forEach((node) => checkImages(op, node));
    if (bias.shape.length !== 1 || bias.shape[0] !== kernels.shape[0]) {
      fail(op, `a bias ${describeShape(bias.shape)}`);
    }
    const shape = convolutionResult(op, x.shape, kernels.shape, attributes);
    return { shape, dtype: "float32" };
  },
  convolutionInputGradient: (inputs, attributes) => {
    const op = "convolutionInputGradient";
    expect(op, inputs, "float32,float32");
    inputs.forEach((node) => checkImages(op, node));
    const [results, kernels] = inputs;
    const shape = [
      results.shape[0],
      kernels.shape[1],
      ...attributes.size,
    ];
    const expected = convolutionResult(op, shape, kernels.shape, attributes);
    checkResult(op, expected, results);
    return { shape, dtype: "float32" };
  },
  convolutionWeightGradient: (inputs, attributes) => {
    const op = "convolutionWeightGradient";
    expect(op, inputs, "float32,float32");
    inputs.forEach((node) => checkImages(op, node));
    const [x, results] = inputs;
    const shape = [results.shape[1], x.shape[1], ...attributes.size];
    const expected = convolutionResult(op, x.shape, shape, attributes);
    checkResult(op, expected, results);
    return { shape, dtype: "float32" };
  },
  maxPool: (inputs, attributes) => {
    const op = "maxPool";
    expect(op, inputs, "float32,float32");
    inputs.forEach((node) => checkImages(op, node));
    const [x, values] = inputs;
    checkResult(op, x.shape, values);
    return { shape: poolResult(op, x, attributes), dtype: "float32" };
  },
  maxUnpool: (inputs, attributes) => {
    const op = "maxUnpool";
    expect(op, inputs, "float32,float32");
    inputs.forEach((node) => checkImages(op, node));
    const [x, values] = inputs;
    checkResult(op, poolResult(op, x, attributes), values);
    return { shape: x.shape, dtype: "float32" };
  },
};

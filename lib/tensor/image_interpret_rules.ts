/** What the operations on stacks of images compute, element by element. */
import type { InterpretContext, InterpretRule } from "./interpret_rules.ts";
import {
  emptyValue,
  forEachIndex,
  stridesOf,
  type Value,
} from "./interpret_values.ts";
import type { ConvolutionAttributes, ImageOp, Node } from "./operation.ts";

/** Positions in images, kernels and results that belong together. */
type VisitTap = (image: number, kernel: number, result: number) => void;

interface ConvolutionShapes {
  readonly images: readonly number[];
  readonly kernels: readonly number[];
  readonly results: readonly number[];
}

/** Visits every product of a convolution; those with padding are left out. */
function forEachTap(
  { images, kernels, results }: ConvolutionShapes,
  { stride, padding }: ConvolutionAttributes,
  visit: VisitTap,
): void {
  const [, , height, width] = images;
  const strides = [images, kernels, results].map(stridesOf);
  const at = (array: number, ...index: number[]) =>
    index.reduce((sum, i, axis) => sum + i * strides[array][axis], 0);
  forEachIndex(results, (result, [n, o, y, x]) => {
    forEachIndex(kernels.slice(1), (_, [c, dy, dx]) => {
      const [row, column] = [y * stride + dy, x * stride + dx].map((i) =>
        i - padding
      );
      if (row < 0 || row >= height || column < 0 || column >= width) return;
      visit(at(0, n, c, row, column), at(1, o, c, dy, dx), result);
    });
  });
}

/** Sums in double precision as a value of the node's shape. */
function summed(
  node: Node,
  context: InterpretContext,
  addUp: (sums: Float64Array, shape: readonly number[]) => void,
): Value {
  const shape = context.sizes(node.shape);
  const value = emptyValue("float32", shape, context.precision);
  const sums = new Float64Array(value.data.length);
  addUp(sums, shape);
  value.data.set(sums);
  return value;
}

/** Visits every window's number with the position of its largest value. */
function forEachLargest(
  x: Value,
  results: readonly number[],
  { window, stride }: { readonly window: number; readonly stride: number },
  visit: (result: number, largest: number) => void,
): void {
  const strides = stridesOf(x.shape);
  forEachIndex(results, (result, index) => {
    const [n, c, y, column] = index;
    let largest = -1;
    forEachIndex([window, window], (_, [dy, dx]) => {
      const position = n * strides[0] + c * strides[1] +
        (y * stride + dy) * strides[2] + column * stride + dx;
      const value = x.data[position];
      if (largest < 0 || value > x.data[largest]) largest = position;
    });
    visit(result, largest);
  });
}

export const imageInterpretRules: {
  readonly [Op in ImageOp]: InterpretRule<Op>;
} = {
  convolution: ([x, kernels, bias], node, context) =>
    summed(node, context, (sums, results) => {
      const shapes = { images: x.shape, kernels: kernels.shape, results };
      forEachIndex(results, (i, [, o]) => sums[i] = bias.data[o]);
      forEachTap(shapes, node.attributes, (image, kernel, result) => {
        sums[result] += x.data[image] * kernels.data[kernel];
      });
    }),
  convolutionInputGradient: ([results, kernels], node, context) =>
    summed(node, context, (sums, images) => {
      const shapes = {
        images,
        kernels: kernels.shape,
        results: results.shape,
      };
      forEachTap(shapes, node.attributes, (image, kernel, result) => {
        sums[image] += results.data[result] * kernels.data[kernel];
      });
    }),
  convolutionWeightGradient: ([x, results], node, context) =>
    summed(node, context, (sums, kernels) => {
      const shapes = { images: x.shape, kernels, results: results.shape };
      forEachTap(shapes, node.attributes, (image, kernel, result) => {
        sums[kernel] += x.data[image] * results.data[result];
      });
    }),
  maxPool: ([x, values], node, context) => {
    const shape = context.sizes(node.shape);
    const pooled = emptyValue("float32", shape, context.precision);
    forEachLargest(x, shape, node.attributes, (result, largest) => {
      pooled.data[result] = values.data[largest];
    });
    return pooled;
  },
  maxUnpool: ([x, values], node, context) =>
    summed(node, context, (sums) => {
      forEachLargest(x, values.shape, node.attributes, (result, largest) => {
        sums[largest] += values.data[result];
      });
    }),
};

/**
 * The reverse of the operations on stacks of images. All are linear in what
 * they are differentiated by, so they are each other's reverse.
 */
import { constant, convolution, makeNode, sum } from "./build.ts";
import type { GradientRule } from "./gradient.ts";
import {
  type ConvolutionAttributes,
  type ImageOp,
  type Node,
  staticDim,
} from "./operation.ts";

/** Height and width, or those of a kernel. */
function sidesOf({ shape }: Node): readonly [number, number] {
  return [staticDim(shape[2]), staticDim(shape[3])];
}

/** A convolution without bias. */
function plain(
  x: Node,
  kernels: Node,
  { stride, padding }: ConvolutionAttributes,
): Node {
  const bias = constant(new Float32Array(staticDim(kernels.shape[0])));
  return convolution(x, kernels, bias, { stride, padding });
}

export const imageGradientRules: {
  readonly [Op in ImageOp]: GradientRule<Op>;
} = {
  convolution: ({ inputs: [x, kernels], attributes }, g) => [
    makeNode("convolutionInputGradient", [g, kernels], {
      ...attributes,
      size: sidesOf(x),
    }),
    makeNode("convolutionWeightGradient", [x, g], {
      ...attributes,
      size: sidesOf(kernels),
    }),
    sum(g, [0, 2, 3]),
  ],
  convolutionInputGradient: (
    { inputs: [results, kernels], attributes },
    g,
  ) => [
    plain(g, kernels, attributes),
    makeNode("convolutionWeightGradient", [g, results], {
      ...attributes,
      size: sidesOf(kernels),
    }),
  ],
  convolutionWeightGradient: ({ inputs: [x, results], attributes }, g) => [
    makeNode("convolutionInputGradient", [results, g], {
      ...attributes,
      size: sidesOf(x),
    }),
    plain(x, g, attributes),
  ],
  maxPool: ({ inputs: [x], attributes }, g) => [
    undefined,
    makeNode("maxUnpool", [x, g], attributes),
  ],
  maxUnpool: ({ inputs: [x], attributes }, g) => [
    undefined,
    makeNode("maxPool", [x, g], attributes),
  ],
};

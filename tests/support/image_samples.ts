import { convolution, makeNode } from "../../lib/tensor/build.ts";
import type {
  ConvolutionAttributes,
  ImageOp,
  Node,
  PoolAttributes,
  Shape,
} from "../../lib/tensor/operation.ts";
import type { Sampler } from "./sampler.ts";

/** A convolution: shapes of all parts, sides that fit and sides with a rest. */
interface Convolution {
  readonly images: Shape;
  readonly kernels: Shape;
  readonly results: Shape;
  readonly attributes: ConvolutionAttributes;
}

function drawConvolution(s: Sampler): Convolution {
  const [channels, outputs] = [s.size(), s.size()];
  const kernel = [1 + s.random.integer(3), 1 + s.random.integer(3)];
  const stride = 1 + s.random.integer(3);
  const padding = s.random.integer(Math.min(...kernel));
  const sides = kernel.map((side) =>
    Math.max(1, side - 2 * padding) + s.random.integer(5)
  );
  const places = sides.map((side, axis) =>
    Math.floor((side + 2 * padding - kernel[axis]) / stride) + 1
  );
  return {
    images: [s.leading, channels, ...sides],
    kernels: [outputs, channels, ...kernel],
    results: [s.leading, outputs, ...places],
    attributes: { stride, padding },
  };
}

interface Pool {
  readonly images: Shape;
  readonly results: Shape;
  readonly attributes: PoolAttributes;
}

function drawPool(s: Sampler): Pool {
  const window = 1 + s.random.integer(3);
  const stride = 1 + s.random.integer(3);
  const channels = s.size();
  const sides = [window, window].map((side) => side + s.random.integer(5));
  const places = sides.map((side) => Math.floor((side - window) / stride) + 1);
  return {
    images: [s.leading, channels, ...sides],
    results: [s.leading, channels, ...places],
    attributes: { window, stride },
  };
}

const sidesOf = ([, , height, width]: Shape): [number, number] => [
  Number(height),
  Number(width),
];

/** A random program for every operation on images. */
export const imageSamples: {
  readonly [Op in ImageOp]: (sampler: Sampler) => Node;
} = {
  convolution: (s) => {
    const { images, kernels, attributes } = drawConvolution(s);
    const bias = s.floats([kernels[0]]);
    return convolution(s.floats(images), s.floats(kernels), bias, attributes);
  },
  convolutionInputGradient: (s) => {
    const { images, kernels, results, attributes } = drawConvolution(s);
    const inputs = [s.floats(results), s.floats(kernels)];
    return makeNode("convolutionInputGradient", inputs, {
      ...attributes,
      size: sidesOf(images),
    });
  },
  convolutionWeightGradient: (s) => {
    const { images, kernels, results, attributes } = drawConvolution(s);
    const inputs = [s.floats(images), s.floats(results)];
    return makeNode("convolutionWeightGradient", inputs, {
      ...attributes,
      size: sidesOf(kernels),
    });
  },
  maxPool: (s) => {
    const { images, attributes } = drawPool(s);
    const x = s.floats(images);
    const values = s.chance() ? x : s.floats(images);
    return makeNode("maxPool", [x, values], attributes);
  },
  maxUnpool: (s) => {
    const { images, results, attributes } = drawPool(s);
    const inputs = [s.floats(images), s.floats(results)];
    return makeNode("maxUnpool", inputs, attributes);
  },
};

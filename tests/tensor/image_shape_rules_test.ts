import { convolution, makeNode, maxPool } from "../../lib/tensor/build.ts";
import type { ImageOp, Node, Shape } from "../../lib/tensor/operation.ts";
import {
  floats,
  integers,
  type ShapeCase,
  testShapes,
} from "../support/shape_cases.ts";

/** Kernels `[o, c, kh, kw]` over images, with a bias that fits. */
const convolve = (
  images: Shape,
  kernels: Shape,
  attributes: { stride?: number; padding?: number } = {},
) => {
  const bias = floats(kernels[0]);
  return convolution(floats(...images), floats(...kernels), bias, attributes);
};

const inputGradient = (
  results: Shape,
  kernels: Shape,
  size: readonly [number, number],
  stride = 1,
) =>
  makeNode(
    "convolutionInputGradient",
    [floats(...results), floats(...kernels)],
    {
      stride,
      padding: 0,
      size,
    },
  );

const weightGradient = (
  images: Shape,
  results: Shape,
  size: readonly [number, number],
  stride = 1,
) =>
  makeNode(
    "convolutionWeightGradient",
    [floats(...images), floats(...results)],
    {
      stride,
      padding: 0,
      size,
    },
  );

const pool = (x: Node, values: Node, window: number, stride: number) =>
  makeNode("maxPool", [x, values], { window, stride });

const unpool = (x: Node, values: Node, window: number, stride: number) =>
  makeNode("maxUnpool", [x, values], { window, stride });

const images = floats("n", 2, 5, 5);

const cases: { readonly [Op in ImageOp]: ShapeCase } = {
  convolution: {
    accepts: [
      [
        convolve(["n", 3, 84, 84], [16, 3, 8, 8], { stride: 4 }),
        ["n", 16, 20, 20],
        "float32",
      ],
      [
        convolve(["n", 3, 6, 7], [2, 3, 3, 3], { padding: 1 }),
        ["n", 2, 6, 7],
        "float32",
      ],
      // A rest that fills no step is left out: (6 - 3) / 2 and (8 - 2) / 2.
      [
        convolve([1, 1, 6, 8], [1, 1, 3, 2], { stride: 2 }),
        [1, 1, 2, 4],
        "float32",
      ],
      [convolve([0, 1, 1, 1], [1, 1, 1, 1]), [0, 1, 1, 1], "float32"],
    ],
    rejects: [
      [() => convolve([1, 2, 3, 3], [1, 3, 2, 2]), /2 channels .* of 3/],
      [() => convolve([1, 1, 3, 3], [1, 1, 4, 2]), /window 4 in 3/],
      [() => convolve([1, 3, 3], [1, 1, 2, 2]), /\[1, 3, 3\] is no stack/],
      [() => convolve([1, 1, "h", 3], [1, 1, 2, 2]), /known only when/],
      [
        () => convolve([1, 1, 3, 3], [1, 1, 2, 2], { stride: 0 }),
        /stride 0/,
      ],
      [
        () => convolve([1, 1, 3, 3], [1, 1, 2, 2], { padding: -1 }),
        /padding -1/,
      ],
      [
        () => convolve([1, 1, 3, 3], [1, 1, 2, 2], { padding: 2 }),
        /padding 2, window 2/,
      ],
      [
        () => convolution(images, floats(3, 2, 1, 1), floats(2)),
        /a bias \[2\]/,
      ],
      [
        () => convolution(images, integers(3, 2, 1, 1), floats(3)),
        /got \(float32, int32, float32\)/,
      ],
    ],
  },
  convolutionInputGradient: {
    accepts: [
      [
        inputGradient(["n", 2, 2, 2], [2, 3, 3, 3], [6, 5], 2),
        ["n", 3, 6, 5],
        "float32",
      ],
    ],
    rejects: [
      [
        () => inputGradient(["n", 2, 2, 2], [2, 3, 3, 3], [7, 5], 2),
        /results are \[n, 2, 3, 2\], not \[n, 2, 2, 2\]/,
      ],
      [
        () => inputGradient(["n", 4, 2, 2], [2, 3, 3, 3], [4, 4]),
        /results are \[n, 2, 2, 2\], not \[n, 4, 2, 2\]/,
      ],
      [() => inputGradient([2, 2], [2, 3, 3, 3], [4, 4]), /is no stack/],
    ],
  },
  convolutionWeightGradient: {
    accepts: [
      [
        weightGradient(["n", 3, 6, 5], ["n", 2, 2, 2], [3, 3], 2),
        [2, 3, 3, 3],
        "float32",
      ],
    ],
    rejects: [
      [
        () => weightGradient(["n", 3, 7, 5], ["n", 2, 2, 2], [3, 3], 2),
        /results are \[n, 2, 3, 2\], not \[n, 2, 2, 2\]/,
      ],
      [
        () => weightGradient(["n", 3, 5, 5], ["m", 2, 3, 3], [3, 3]),
        /results are \[n, 2, 3, 3\], not \[m, 2, 3, 3\]/,
      ],
    ],
  },
  maxPool: {
    accepts: [
      [maxPool(images, { window: 3, stride: 2 }), ["n", 2, 2, 2], "float32"],
      [pool(images, images, 2, 2), ["n", 2, 2, 2], "float32"],
      [pool(images, floats("n", 2, 5, 5), 5, 1), ["n", 2, 1, 1], "float32"],
    ],
    rejects: [
      [() => pool(images, images, 6, 1), /window 6 in 5/],
      [() => pool(images, images, 0, 1), /window 0/],
      [() => pool(images, floats("n", 2, 5, 4), 2, 1), /\[n, 2, 5, 5\], not/],
      [() => maxPool(floats(5, 5), { window: 1, stride: 1 }), /is no stack/],
    ],
  },
  maxUnpool: {
    accepts: [
      [unpool(images, floats("n", 2, 2, 2), 3, 2), ["n", 2, 5, 5], "float32"],
    ],
    rejects: [
      [() => unpool(images, images, 3, 2), /are \[n, 2, 2, 2\], not/],
    ],
  },
};

testShapes(cases);

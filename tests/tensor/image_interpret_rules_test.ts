import assert from "node:assert/strict";
import {
  constant,
  convolution,
  makeNode,
  maxPool,
} from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { ImageOp, Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { assertClose } from "../support/closeness.ts";

const stack = (shape: number[], ...values: number[]) =>
  constant(Float32Array.from(values), shape);

/** 1 2 3 / 4 5 6 / 7 8 9. */
const nine = stack([1, 1, 3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
const kernel = stack([1, 1, 2, 2], 1, 2, 3, 4);
const bias = (...values: number[]) => stack([values.length], ...values);
const square = (...values: number[]) => stack([1, 1, 2, 2], ...values);
const whole = { stride: 1, padding: 0 };

/** Programs with the values that they must have, in row-major order. */
const golden: {
  readonly [Op in ImageOp]: readonly (readonly [Node, readonly number[]])[];
} = {
  convolution: [
    // 1 + 2 * 2 + 3 * 4 + 4 * 5 = 37 at the first place, and 10 more.
    [convolution(nine, kernel, bias(10)), [47, 57, 77, 87]],
    // With zeros around: 4 * 1, 3 * 2 + 4 * 3, 2 * 4 + 4 * 7, 77.
    [
      convolution(nine, kernel, bias(0), { stride: 2, padding: 1 }),
      [4, 18, 36, 77],
    ],
    // 2 + 10 * 3 + 0.5 and 100 * 2 + 1000 * 3.
    [
      convolution(
        stack([1, 2, 1, 1], 2, 3),
        stack([2, 2, 1, 1], 1, 10, 100, 1000),
        bias(0.5, 0),
      ),
      [32.5, 3200],
    ],
  ],
  convolutionInputGradient: [
    // Every result spreads over the window that it came from.
    [
      makeNode("convolutionInputGradient", [square(1, 2, 3, 4), kernel], {
        ...whole,
        size: [3, 3],
      }),
      [1, 4, 4, 6, 20, 16, 9, 24, 16],
    ],
    // The second row and column were in no window.
    [
      makeNode("convolutionInputGradient", [
        stack([1, 1, 1, 1], 5),
        stack([1, 1, 1, 1], 2),
      ], { stride: 2, padding: 0, size: [2, 2] }),
      [10, 0, 0, 0],
    ],
  ],
  convolutionWeightGradient: [
    // 1 + 5, 2 + 6, 4 + 8, 5 + 9.
    [
      makeNode("convolutionWeightGradient", [nine, square(1, 0, 0, 1)], {
        ...whole,
        size: [2, 2],
      }),
      [6, 8, 12, 14],
    ],
    // The same element of two images, times 2 and times 3.
    [
      makeNode("convolutionWeightGradient", [
        stack([2, 1, 1, 1], 5, 7),
        stack([2, 1, 1, 1], 2, 3),
      ], { ...whole, size: [1, 1] }),
      [31],
    ],
  ],
  maxPool: [
    [maxPool(nine, { window: 2, stride: 1 }), [5, 6, 8, 9]],
    [maxPool(nine, { window: 2, stride: 2 }), [5]],
    // At a tie the first one is taken.
    [
      makeNode("maxPool", [square(1, 1, 1, 1), square(7, 8, 9, 6)], {
        window: 2,
        stride: 1,
      }),
      [7],
    ],
  ],
  maxUnpool: [
    [
      makeNode("maxUnpool", [nine, square(1, 2, 3, 4)], {
        window: 2,
        stride: 1,
      }),
      [0, 0, 0, 0, 1, 2, 0, 3, 4],
    ],
    // One pixel is the largest of all four windows.
    [
      makeNode("maxUnpool", [
        stack([1, 1, 3, 3], 0, 0, 0, 0, 9, 0, 0, 0, 0),
        square(1, 2, 3, 4),
      ], { window: 2, stride: 1 }),
      [0, 0, 0, 0, 10, 0, 0, 0, 0],
    ],
  ],
};

for (const [op, cases] of Object.entries(golden)) {
  Deno.test(`values of ${op}`, () => {
    cases.forEach(([y, expected], i) => {
      const result = interpret(makeProgram("golden", [], { y }), {});
      assert.deepEqual(result.y.shape, y.shape);
      assertClose(result.y.data, expected, 1e-6, `${op}, case ${i}`);
    });
  });
}

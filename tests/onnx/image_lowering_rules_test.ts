import assert from "node:assert/strict";
import {
  lowerProgram,
  runtimeTarget,
  unityTarget,
} from "../../lib/onnx/lower.ts";
import {
  convolution,
  input,
  leakyRelu,
  maxPool,
  sum,
} from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram, type Program } from "../../lib/tensor/program.ts";
import { assertLowersAlike } from "../support/lowering.ts";
import { readOnnx } from "../support/onnx_file.ts";
import { Sampler } from "../support/sampler.ts";

/** ONNX operators of a program, once each, with the number of outputs. */
function operators(program: Program): Map<string, number> {
  const { nodes } = readOnnx(lowerProgram(program));
  return new Map(
    nodes.map(({ operator, outputs }) => [operator, outputs.length]),
  );
}

/** A layer with its gradients by everything that it is made of. */
function layer(
  sampler: Sampler,
  [channels, height, width]: readonly number[],
  [outputs, kernel]: readonly number[],
  attributes: { stride: number; padding: number },
): Program {
  const parts = [
    sampler.floats([sampler.leading, channels, height, width], 0, 1),
    // Small ones, so that long sums round little.
    sampler.floats([outputs, channels, kernel, kernel], -0.1, 0.1),
    sampler.floats([outputs]),
  ];
  const [x, kernels, bias] = parts;
  const y = leakyRelu(convolution(x, kernels, bias, attributes));
  const [dx, dkernels, dbias] = gradient(sum(y), parts);
  return makeProgram("layer", sampler.inputs, { y, dx, dkernels, dbias });
}

Deno.test("layers of the usual sizes, with and without a rest", () => {
  const stride1 = { stride: 1, padding: 1 };
  for (
    const [images, kernels, attributes] of [
      [[3, 36, 36], [4, 8], { stride: 4, padding: 0 }],
      [[3, 38, 37], [4, 8], { stride: 4, padding: 0 }],
      [[4, 8, 9], [3, 4], { stride: 2, padding: 0 }],
      [[2, 9, 7], [3, 3], { stride: 2, padding: 1 }],
      [[4, 9, 8], [3, 3], stride1],
      [[9, 5, 6], [3, 3], stride1],
      [[3, 5, 5], [2, 3], { stride: 1, padding: 0 }],
      [[1, 1, 1], [1, 1], { stride: 1, padding: 0 }],
    ] as const
  ) {
    for (const rows of [0, 1, 2]) {
      const sampler = new Sampler({ seed: 7, rows, symbolic: true });
      const program = layer(sampler, images, kernels, attributes);
      const what = `${images} by ${kernels}, ${rows} rows`;
      assertLowersAlike(program, sampler.feeds, runtimeTarget, what);
    }
  }
});

Deno.test("gradients with stride 1 are products and a convolution", () => {
  const sampler = new Sampler({ seed: 1, rows: 2 });
  const attributes = { stride: 1, padding: 1 };
  const found = operators(layer(sampler, [2, 6, 6], [2, 3], attributes));
  assert(found.has("FusedMatMul") && found.has("Conv"));
  assert(!found.has("ConvTranspose"));
});

Deno.test("gradients with larger strides are convolutions", () => {
  const sampler = new Sampler({ seed: 1, rows: 2 });
  const attributes = { stride: 2, padding: 0 };
  const found = operators(layer(sampler, [2, 6, 6], [2, 3], attributes));
  assert(found.has("ConvTranspose") && found.has("Conv"));
  assert(!found.has("FusedMatMul"));
  // Where there may be no images their gradient is seen to.
  assert(!found.has("Where"));
  const unknown = new Sampler({ seed: 1, rows: 2, symbolic: true });
  assert(operators(layer(unknown, [2, 6, 6], [2, 3], attributes)).has("Where"));
});

Deno.test("no gradient by the images where none is asked for", () => {
  const sampler = new Sampler({ seed: 1, rows: 2 });
  const x = sampler.floats([2, 1, 6, 6]);
  const kernels = sampler.floats([1, 1, 2, 2]);
  const y = convolution(x, kernels, sampler.floats([1]), { stride: 2 });
  const [slope] = gradient(sum(y), [kernels]);
  const found = operators(makeProgram("p", sampler.inputs, { y, slope }));
  assert(!found.has("ConvTranspose"));
});

const images = input("images", ["n", 2, 5, 5]);
const pooled = maxPool(images, { window: 3, stride: 2 });

Deno.test("positions of the largest values are found once, if at all", () => {
  const program = (outputs: Record<string, Node>) =>
    makeProgram("pool", [images], outputs);
  assert.equal(operators(program({ pooled })).get("MaxPool"), 1);
  const [slope] = gradient(sum(pooled), [images]);
  const both = program({ pooled, slope });
  assert.equal(operators(both).get("MaxPool"), 2);
  const { nodes } = readOnnx(lowerProgram(both));
  const pools = nodes.filter(({ operator }) => operator === "MaxPool");
  assert.equal(pools.length, 1);
});

Deno.test("gradients are refused for Unity's readers", () => {
  const kernels = input("kernels", [1, 2, 2, 2]);
  const bias = input("bias", [1]);
  const y = convolution(images, kernels, bias);
  const refused = [
    [gradient(sum(y), [images])[0], "convolutionInputGradient"],
    [gradient(sum(y), [kernels])[0], "convolutionWeightGradient"],
    [gradient(sum(pooled), [images])[0], "maxUnpool"],
  ] as const;
  for (const [slope, op] of refused) {
    const program = makeProgram("p", [images, kernels, bias], { slope });
    const wanted = new RegExp(`${op} is not for operator set 9`);
    assert.throws(() => lowerProgram(program, unityTarget), wanted);
  }
});

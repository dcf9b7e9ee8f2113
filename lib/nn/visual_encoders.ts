/** Encoders of images (reference 1.4), by the words of `vis_encode_type`. */
import {
  add,
  leakyRelu,
  maxPool,
  relu,
  reshape,
  swish,
} from "../tensor/build.ts";
import { type Node, staticSize } from "../tensor/operation.ts";
import { heNormal } from "./initializers.ts";
import { convolutionLayer, dense } from "./layers.ts";
import type { ParameterScope } from "./parameters.ts";

/** Images `[batch, channels, height, width]` to codes `[batch, size]`. */
type Encode = (scope: ParameterScope, images: Node, size: number) => Node;

interface VisualEncoder {
  /** Smaller heights or widths leave nothing of an image. */
  readonly smallestSide: number;
  readonly encode: Encode;
}

/** Kernels of one layer. */
interface Layer {
  readonly outputs: number;
  readonly window: number;
  readonly stride: number;
}

/** One row of values per image, channel by channel, to a code. */
function denseCode(scope: ParameterScope, images: Node, size: number): Node {
  const [batch, ...sizes] = images.shape;
  const rows = reshape(images, [batch, staticSize(sizes)]);
  return dense(scope.at("dense"), rows, size, heNormal(1.41));
}

/** Convolutions and a dense layer, a leaky ReLU after each. */
const convolutions = (layers: readonly Layer[]): Encode =>
(
  scope,
  images,
  size,
) => {
  let x = images;
  layers.forEach(({ outputs, ...attributes }, i) => {
    const layer = scope.at("convolution").at(i);
    x = leakyRelu(convolutionLayer(layer, x, outputs, attributes));
  });
  return leakyRelu(denseCode(scope, x, size));
};

/** x + convolution of swish of convolution of swish of x. */
function residualBlock(scope: ParameterScope, x: Node, channels: number): Node {
  let y = x;
  for (const layer of [0, 1]) {
    const attributes = { window: 3, padding: 1 };
    y = convolutionLayer(scope.at(layer), swish(y), channels, attributes);
  }
  return add(x, y);
}

/** Three stacks of residual blocks (Espeholt et al. 2018). */
const residualStacks: Encode = (scope, images, size) => {
  let x = images;
  [16, 32, 32].forEach((channels, i) => {
    const stack = scope.at("stack").at(i);
    const attributes = { window: 3, padding: 1 };
    x = convolutionLayer(stack.at("convolution"), x, channels, attributes);
    x = maxPool(x, { window: 3, stride: 2 });
    for (const block of [0, 1]) {
      x = residualBlock(stack.at("block").at(block), x, channels);
    }
  });
  return relu(denseCode(scope, swish(x), size));
};

export const visualEncoders = {
  simple: {
    smallestSide: 20,
    encode: convolutions([
      { outputs: 16, window: 8, stride: 4 },
      { outputs: 32, window: 4, stride: 2 },
    ]),
  },
  /** Mnih et al. 2015. */
  nature_cnn: {
    smallestSide: 36,
    encode: convolutions([
      { outputs: 32, window: 8, stride: 4 },
      { outputs: 64, window: 4, stride: 2 },
      { outputs: 64, window: 3, stride: 1 },
    ]),
  },
  resnet: { smallestSide: 15, encode: residualStacks },
  match3: {
    smallestSide: 5,
    encode: convolutions([
      { outputs: 35, window: 3, stride: 1 },
      { outputs: 144, window: 3, stride: 1 },
    ]),
  },
  fully_connected: { smallestSide: 1, encode: convolutions([]) },
} satisfies Readonly<Record<string, VisualEncoder>>;

/** The words of `vis_encode_type`. */
export type VisualEncoderName = keyof typeof visualEncoders;

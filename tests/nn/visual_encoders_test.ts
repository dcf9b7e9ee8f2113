import assert from "node:assert/strict";
import {
  collectParameters,
  type ParameterSpec,
} from "../../lib/nn/parameters.ts";
import {
  type VisualEncoderName,
  visualEncoders,
} from "../../lib/nn/visual_encoders.ts";
import { input } from "../../lib/tensor/build.ts";
import { staticSize } from "../../lib/tensor/operation.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const names = Object.keys(visualEncoders) as VisualEncoderName[];

/** The weights of an encoder of square images. */
function parametersOf(
  name: VisualEncoderName,
  channels: number,
  side: number,
  size = 128,
): ParameterSpec[] {
  const images = input("images", ["rows", channels, side, side]);
  return collectParameters((scope) => {
    const code = visualEncoders[name].encode(scope.at("v"), images, size);
    assert.deepEqual(code.shape, ["rows", size]);
  });
}

/** Values of an image after all convolutions. */
function flatSize(name: VisualEncoderName, channels: number, side: number) {
  const parameters = parametersOf(name, channels, side);
  const dense = parameters.find(({ name }) => name === "v.dense.weight");
  return dense?.shape[0];
}

const flatSizes: Readonly<Record<VisualEncoderName, readonly number[]>> = {
  simple: [2592, 288, 32],
  nature_cnn: [3136, 64, 64],
  match3: [921_600, 147_456, 144],
  resnet: [2592, 288, 32],
  fully_connected: [3 * 84 * 84, 3 * 36 * 36, 3],
};

for (const name of names) {
  Deno.test(`${name}: sizes at 84, 36 and the smallest side`, () => {
    const { smallestSide } = visualEncoders[name];
    const found = [84, 36, smallestSide].map((side) => flatSize(name, 3, side));
    assert.deepEqual(found, flatSizes[name]);
  });
}

for (const name of names.filter((name) => name !== "fully_connected")) {
  Deno.test(`${name}: one pixel less is too small`, () => {
    const { smallestSide } = visualEncoders[name];
    assert.throws(() => flatSize(name, 3, smallestSide - 1), TypeError);
  });
}

Deno.test("layers of the simple encoder", () => {
  const shapes = parametersOf("simple", 3, 84).map(({ name, shape }) =>
    `${name} [${shape}]`
  );
  assert.deepEqual(shapes, [
    "v.convolution.0.weight [16,3,8,8]",
    "v.convolution.0.bias [16]",
    "v.convolution.1.weight [32,16,4,4]",
    "v.convolution.1.bias [32]",
    "v.dense.weight [2592,128]",
    "v.dense.bias [128]",
  ]);
});

/** Weights of convolutions, worked out by hand, and of the dense layer. */
const counts: Readonly<Record<VisualEncoderName, number>> = {
  simple: 3 * 64 * 16 + 16 + 16 * 16 * 32 + 32 + 2592 * 128 + 128,
  nature_cnn: 3 * 64 * 32 + 32 + 32 * 16 * 64 + 64 + 64 * 9 * 64 + 64 +
    3136 * 128 + 128,
  match3: 3 * 9 * 35 + 35 + 35 * 9 * 144 + 144 + 921_600 * 128 + 128,
  // Each stack: one convolution, then four of its own channels.
  resnet: 3 * 9 * 16 + 16 + 4 * (16 * 9 * 16 + 16) +
    16 * 9 * 32 + 32 + 4 * (32 * 9 * 32 + 32) +
    32 * 9 * 32 + 32 + 4 * (32 * 9 * 32 + 32) + 2592 * 128 + 128,
  fully_connected: 3 * 84 * 84 * 128 + 128,
};

for (const name of names) {
  Deno.test(`${name}: number of weights`, () => {
    const sizes = parametersOf(name, 3, 84).map(({ shape }) =>
      staticSize(shape)
    );
    const total = sizes.reduce((sum, size) => sum + size);
    assert.equal(total, counts[name]);
  });
}

Deno.test("the dense layer begins with gain 1.41 and without bias", () => {
  for (const name of names) {
    const side = Math.max(visualEncoders[name].smallestSide, 8);
    const parameters = parametersOf(name, 3, side, 200);
    const [weight, bias] = parameters.slice(-2);
    const values = weight.initializer(weight.shape, new RandomGenerator(1));
    const squares = values.reduce((sum, x) => sum + x * x, 0);
    const deviation = Math.sqrt(squares / values.length);
    const expected = 1.41 / Math.sqrt(weight.shape[0]);
    assert(Math.abs(deviation / expected - 1) < 0.05, name);
    const zeros = bias.initializer(bias.shape, new RandomGenerator(1));
    assert.deepEqual(zeros, new Float32Array(200), name);
  }
});

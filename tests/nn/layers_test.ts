import assert from "node:assert/strict";
import { zeros } from "../../lib/nn/initializers.ts";
import { convolutionLayer, dense, denseBody } from "../../lib/nn/layers.ts";
import { bindParameters, collectParameters } from "../../lib/nn/parameters.ts";
import { constant } from "../../lib/tensor/build.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

const vector = (...values: number[]) => constant(Float32Array.from(values));

Deno.test("a dense layer is x W + b", () => {
  const scope = bindParameters({
    "layer.weight": matrix([1, 2, 3], [4, 5, 6]),
    "layer.bias": vector(0.5, 0, -0.5),
  });
  const y = dense(scope.at("layer"), matrix([1, 0], [1, 1]), 3, zeros);
  assert.deepEqual(valuesOf(y), [1.5, 2, 2.5, 5.5, 7, 8.5]);
});

Deno.test("a convolution layer slides its kernels and adds its bias", () => {
  const scope = bindParameters({
    "layer.weight": constant(Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]),
    "layer.bias": vector(10),
  });
  const image = constant(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 1, 2, 3]);
  const y = convolutionLayer(scope.at("layer"), image, 1, { window: 2 });
  // 1 + 2 * 2 + 3 * 4 + 4 * 5 and 2 + 2 * 3 + 3 * 5 + 4 * 6, and 10.
  assert.deepEqual(valuesOf(y), [47, 57]);
});

Deno.test("kernels and their bias begin below 1 / root of the inputs", () => {
  const image = constant(new Float32Array(3 * 81), [1, 3, 9, 9]);
  const parameters = collectParameters((scope) =>
    convolutionLayer(scope.at("layer"), image, 200, { window: 4 })
  );
  assert.deepEqual(parameters.map(({ name, shape }) => [name, shape]), [
    ["layer.weight", [200, 3, 4, 4]],
    ["layer.bias", [200]],
  ]);
  const limit = 1 / Math.sqrt(3 * 4 * 4);
  for (const { name, shape, initializer } of parameters) {
    const values = initializer(shape, new RandomGenerator(1, name));
    assert(values.every((value) => Math.abs(value) <= limit), name);
    assert(values.some((value) => value > 0.95 * limit), name);
    assert(values.some((value) => value < -0.95 * limit), name);
  }
});

Deno.test("a body has a swish after every layer, also the last", () => {
  const scope = bindParameters({
    "body.0.weight": matrix([1]),
    "body.0.bias": vector(1),
    "body.1.weight": matrix([2]),
    "body.1.bias": vector(0),
  });
  const settings = { hidden_units: 1, num_layers: 2 };
  const y = denseBody(scope.at("body"), matrix([1]), settings);
  // swish(2) = 2 * 0.880797 = 1.761594, twice that is 3.523188, whose swish
  // is 3.523188 * 0.971340 = 3.422215.
  assertClose(valuesOf(y), [3.422215], 1e-5);
});

Deno.test("no layers mean one", () => {
  const parameters = collectParameters((scope) =>
    denseBody(scope.at("body"), matrix([1, 2]), {
      hidden_units: 3,
      num_layers: 0,
    })
  );
  assert.deepEqual(parameters.map(({ name, shape }) => [name, shape]), [
    ["body.0.weight", [2, 3]],
    ["body.0.bias", [3]],
  ]);
});

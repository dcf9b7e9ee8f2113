import assert from "node:assert/strict";
import { hyperBody } from "../../lib/nn/hyper_body.ts";
import { bindParameters, collectParameters } from "../../lib/nn/parameters.ts";
import { constant, input } from "../../lib/tensor/build.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

const [x, goal] = [input("x", ["n", 5]), input("goal", ["n", 3])];

const parametersOf = (num_layers: number) =>
  collectParameters((scope) => {
    const settings = { hidden_units: 4, num_layers };
    const code = hyperBody(scope.at("body"), x, goal, settings);
    assert.deepEqual(code.shape, ["n", 4]);
  });

const describe = (num_layers: number) =>
  parametersOf(num_layers).map(({ name, shape }) => `${name} [${shape}]`);

/** The generator of weights for `inputs` values, and the bias. */
const generated = (layer: number, inputs: number) => [
  `body.${layer}.generator.0.weight [3,4]`,
  `body.${layer}.generator.0.bias [4]`,
  `body.${layer}.generator.1.weight [4,4]`,
  `body.${layer}.generator.1.bias [4]`,
  `body.${layer}.generator.2.weight [4,${inputs * 4}]`,
  `body.${layer}.generator.2.bias [${inputs * 4}]`,
  `body.${layer}.bias [4]`,
];

Deno.test("only the last layer is generated", () => {
  const plain = ["body.0.weight [5,4]", "body.0.bias [4]"];
  assert.deepEqual(describe(2), [...plain, ...generated(1, 4)]);
  assert.deepEqual(describe(1), generated(0, 5));
  assert.deepEqual(describe(0), generated(0, 5));
});

Deno.test("generated weights begin small, their bias and the layer's at 0", () => {
  const settings = { hidden_units: 60, num_layers: 1 };
  const parameters = collectParameters((scope) =>
    hyperBody(scope.at("body"), x, goal, settings)
  );
  const draw = (name: string) => {
    const spec = parameters.find((each) => each.name === `body.0.${name}`);
    assert(spec, name);
    return spec.initializer(spec.shape, new RandomGenerator(1, name));
  };
  const limit = Math.sqrt(1 / (60 * 5));
  const weights = draw("generator.2.weight");
  assert(weights.every((value) => Math.abs(value) <= limit));
  assert(weights.some((value) => value > 0.99 * limit));
  for (const name of ["generator.2.bias", "bias"]) {
    assert(draw(name).every((value) => value === 0), name);
  }
});

Deno.test("the goal makes the weights of the layer", () => {
  const ones = (rows: number, columns: number) =>
    constant(new Float32Array(rows * columns).fill(1), [rows, columns]);
  const zeros = (size: number) => constant(new Float32Array(size));
  const scope = bindParameters({
    "0.generator.0.weight": matrix([1, 2]),
    "0.generator.0.bias": zeros(2),
    "0.generator.1.weight": matrix([1, 0], [0, 1]),
    "0.generator.1.bias": zeros(2),
    // The first code gives both weights of the first input.
    "0.generator.2.weight": matrix([1, 1, 0, 0], [0, 0, 1, 2]),
    "0.generator.2.bias": constant(Float32Array.of(0, 0, 3, 0)),
    "0.bias": constant(Float32Array.of(0, 1)),
  });
  const settings = { hidden_units: 2, num_layers: 1 };
  const y = hyperBody(scope, matrix([1, 10]), ones(1, 1), settings);
  // Layer norm makes -1 and 1 of two numbers, nearly. So the weights are
  // [-1, -1] and [1 + 3, 2], the results 10 * 4 - 1 and 10 * 2 - 1 + 1.
  assertClose(valuesOf(y), [39, 20], 1e-3);
});

import assert from "node:assert/strict";
import { constantInitializer, heNormal } from "../../lib/nn/initializers.ts";
import {
  bindParameters,
  collectParameters,
  initializeParameters,
  parameterInputs,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import { input } from "../../lib/tensor/build.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

/** Asks for one weight twice, as a network that reads it twice does. */
function network(scope: ParameterScope) {
  const body = scope.at("actor").at("body");
  return [
    body.at(0).parameter("weight", [2, 3], heNormal(1)),
    scope.at("critic").parameter("bias", [3], constantInitializer(7)),
    body.at(0).parameter("weight", [2, 3], heNormal(1)),
  ];
}

Deno.test("weights are listed once, by path, in the order of use", () => {
  const specs = collectParameters(network);
  assert.deepEqual(specs.map(({ name, shape }) => [name, shape]), [
    ["actor.body.0.weight", [2, 3]],
    ["critic.bias", [3]],
  ]);
});

Deno.test("a network reads the nodes bound to its names", () => {
  const nodes = parameterInputs(collectParameters(network));
  const [weight, bias, again] = network(bindParameters(nodes));
  assert.equal(weight, nodes["actor.body.0.weight"]);
  assert.equal(bias, nodes["critic.bias"]);
  assert.equal(again, weight);
  assert.deepEqual(weight.shape, [2, 3]);
});

Deno.test("a missing weight is named", () => {
  const scope = bindParameters({ "critic.bias": input("b", [3]) });
  assert.throws(() => network(scope), /no weight "actor.body.0.weight"/);
});

Deno.test("fresh weights come from the initialisers, in order", () => {
  const specs = collectParameters(network);
  const draw = () =>
    initializeParameters(specs, new RandomGenerator(1, "weights"));
  const weights = draw();
  assert.deepEqual(weights, draw());
  assert.deepEqual(weights["critic.bias"], {
    data: Float32Array.of(7, 7, 7),
    shape: [3],
  });
  const { data } = weights["actor.body.0.weight"];
  assert.equal(new Set(data).size, 6);
});

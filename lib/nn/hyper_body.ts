/** A body whose last layer is made by the goal (reference 1.6). */
import { add, layerNorm, matmul, reshape, swish } from "../tensor/build.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import { uniform, zeros } from "./initializers.ts";
import { type BodySettings, dense, swishLayer } from "./layers.ts";
import type { ParameterScope } from "./parameters.ts";

/**
 * Dense layers with swish; the weights of the last one are computed from
 * `goal` `[batch, g]` by a network of its own (Ha et al. 2017), its bias is
 * learned: `[batch, n]` -> `[batch, hidden_units]`.
 */
export function hyperBody(
  scope: ParameterScope,
  x: Node,
  goal: Node,
  { hidden_units, num_layers }: BodySettings,
): Node {
  const last = Math.max(num_layers, 1) - 1;
  let code = x;
  for (let layer = 0; layer < last; layer++) {
    code = swishLayer(scope.at(layer), code, hidden_units);
  }
  const [batch, inputs] = [code.shape[0], staticDim(code.shape[1])];
  const generated = scope.at(last);
  const flat = generateWeights(
    generated.at("generator"),
    goal,
    hidden_units,
    inputs * hidden_units,
  );
  const weights = reshape(flat, [batch, inputs, hidden_units]);
  const product = matmul(reshape(code, [batch, 1, inputs]), weights);
  const bias = generated.parameter("bias", [hidden_units], zeros);
  return swish(add(reshape(product, [batch, hidden_units]), bias));
}

/** Two dense layers with swish, layer norm, and one more for all weights. */
function generateWeights(
  scope: ParameterScope,
  goal: Node,
  hiddenUnits: number,
  count: number,
): Node {
  let code = goal;
  for (const layer of [0, 1]) {
    code = swishLayer(scope.at(layer), code, hiddenUnits);
  }
  const initializer = uniform(Math.sqrt(1 / count));
  return dense(scope.at(2), layerNorm(code), count, initializer);
}

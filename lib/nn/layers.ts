/** Layers as functions of a parameter scope. */
import { add, matmul, swish } from "../tensor/build.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
import { heNormal, zeros } from "./initializers.ts";
import type { Initializer, ParameterScope } from "./parameters.ts";

/** x W + b: `[batch, inputs]` -> `[batch, outputs]`, bias 0 at first. */
export function dense(
  scope: ParameterScope,
  x: Node,
  outputs: number,
  initializer: Initializer,
): Node {
  const inputs = staticDim(x.shape[1]);
  const weight = scope.parameter("weight", [inputs, outputs], initializer);
  const bias = scope.parameter("bias", [outputs], zeros);
  return add(matmul(x, weight), bias);
}

/** Sizes of a network's trunk. */
export interface BodySettings {
  readonly hidden_units: number;
  readonly num_layers: number;
}

/** Dense layers with swish after each, also the last (reference 1.6). */
export function denseBody(
  scope: ParameterScope,
  x: Node,
  { hidden_units, num_layers }: BodySettings,
): Node {
  let code = x;
  for (let layer = 0; layer < Math.max(num_layers, 1); layer++) {
    code = swish(dense(scope.at(layer), code, hidden_units, heNormal(1)));
  }
  return code;
}

/** Layers as functions of a parameter scope. */
import { add, convolution, matmul, swish } from "../tensor/build.ts";
import {
  type ConvolutionAttributes,
  type Node,
  staticDim,
} from "../tensor/operation.ts";
import { heNormal, uniform, zeros } from "./initializers.ts";
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

/**
 * Square kernels over images: `[batch, c, h, w]` -> `[batch, outputs, ...]`.
 * Weights and bias begin uniform up to 1 / sqrt(c * window * window).
 */
export function convolutionLayer(
  scope: ParameterScope,
  x: Node,
  outputs: number,
  { window, ...attributes }:
    & { readonly window: number }
    & Partial<ConvolutionAttributes>,
): Node {
  const channels = staticDim(x.shape[1]);
  const initializer = uniform(1 / Math.sqrt(channels * window * window));
  const shape = [outputs, channels, window, window];
  const kernels = scope.parameter("weight", shape, initializer);
  const bias = scope.parameter("bias", [outputs], initializer);
  return convolution(x, kernels, bias, attributes);
}

/** Sizes of a network's trunk. */
export interface BodySettings {
  readonly hidden_units: number;
  readonly num_layers: number;
}

/** A dense layer with swish, as bodies are made of. */
export function swishLayer(
  scope: ParameterScope,
  x: Node,
  outputs: number,
  initializer: Initializer = heNormal(1),
): Node {
  return swish(dense(scope, x, outputs, initializer));
}

/** Dense layers with swish after each, also the last (reference 1.6). */
export function denseBody(
  scope: ParameterScope,
  x: Node,
  { hidden_units, num_layers }: BodySettings,
  initializer?: Initializer,
): Node {
  let code = x;
  for (let layer = 0; layer < Math.max(num_layers, 1); layer++) {
    code = swishLayer(scope.at(layer), code, hidden_units, initializer);
  }
  return code;
}

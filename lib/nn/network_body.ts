/** From observations to the code that heads read (reference 1.2 to 1.7). */
import { concat } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { hyperBody } from "./hyper_body.ts";
import { type BodySettings, denseBody } from "./layers.ts";
import type { Recurrence } from "./lstm.ts";
import {
  encodeObservations,
  type EncoderSettings,
} from "./observation_encoder.ts";
import type { ParameterScope } from "./parameters.ts";

/** What decides the shape of a network up to its heads. */
export interface NetworkSettings extends BodySettings, EncoderSettings {}

/**
 * Observations `[batch, ...]` of all sensors to `[batch, hidden_units]`, or to
 * what `remember` makes of that. `actions` `[batch, n]` are read beside them.
 */
export function networkBody(
  scope: ParameterScope,
  observations: readonly Node[],
  settings: NetworkSettings,
  remember?: Recurrence,
  actions?: Node,
): Node {
  const { code: observed, goal } = encodeObservations(
    scope.at("encoder"),
    observations,
    settings,
  );
  const code = actions ? concat([observed, actions], 1) : observed;
  const body = scope.at("body");
  const hidden = goal
    ? hyperBody(body, code, goal, settings)
    : denseBody(body, code, settings);
  return remember ? remember(scope.at("lstm"), hidden) : hidden;
}

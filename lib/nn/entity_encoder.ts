/** Encoder of observations of variable length (reference 1.5). */
import {
  add,
  cast,
  concat,
  less,
  matmul,
  reshape,
  square,
  sum,
  swish,
} from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import type { Node } from "../tensor/operation.ts";
import { dense } from "./layers.ts";
import type { ParameterScope } from "./parameters.ts";
import { attentionWeights, residualSelfAttention } from "./self_attention.ts";

/** Size of an entity's code, and of the code of all entities. */
export const entityCodeSize = 128;

/** Rows whose squares add up to less are not entities but padding. */
const paddingLimit = 0.01;

/**
 * 1 where a row `[batch, entities, features]` is padding: `[batch, entities]`.
 * Sensors pad with zeros and do not tell how many entities there are; a real
 * entity that is nearly zero counts as absent too, as in the reference (F-32).
 */
export function absentEntities(observation: Node): Node {
  const squares = sum(square(observation), [2]);
  return cast(less(squares, paddingLimit), "float32");
}

/**
 * All entity observations `[batch, entities, features]` to one code
 * `[batch, 128]`: each entity is embedded beside the agent's own code, then
 * all attend to each other. `self` `[batch, n]` holds what the other sensors
 * say, if there are any.
 */
export function encodeEntities(
  scope: ParameterScope,
  observations: readonly Node[],
  self?: Node,
): Node {
  const initializer = attentionWeights(entityCodeSize);
  const agent = self &&
    swish(dense(scope.at("self"), self, entityCodeSize, initializer));
  const codes = observations.map((observation, i) =>
    embed(scope.at("embedding").at(i), observation, agent)
  );
  const absent = concat(observations.map(absentEntities), 1);
  return residualSelfAttention(
    scope.at("attention"),
    [{ codes: concat(codes, 1), absent }],
  );
}

/**
 * One dense layer over the agent's code and an entity's features, with swish:
 * `[batch, entities, 128]`. The agent's share is the same for all entities, so
 * it is computed once.
 */
function embed(
  scope: ParameterScope,
  observation: Node,
  agent: Node | undefined,
): Node {
  const [batch, entities, features] = observation.shape;
  const size = entityCodeSize;
  const initializer = attentionWeights(size);
  const rows = reshape(observation, [
    multiplyDims([batch, entities]),
    features,
  ]);
  const own = dense(scope, rows, size, initializer);
  const code = reshape(own, [batch, entities, size]);
  if (!agent) return swish(code);
  const weight = scope.parameter("self_weight", [size, size], initializer);
  const shared = reshape(matmul(agent, weight), [batch, 1, size]);
  return swish(add(code, shared));
}

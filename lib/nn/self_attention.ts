/** Attention of entities to each other (reference 1.5, steps 4 to 7). */
import {
  add,
  divide,
  layerNorm,
  matmul,
  multiply,
  reshape,
  softmax,
  split,
  subtract,
  sum,
  transpose,
} from "../tensor/build.ts";
import {
  multiplyDims,
  type Node,
  type Shape,
  staticDim,
} from "../tensor/operation.ts";
import { type EntitySet, takeSets } from "./entity_sets.ts";
import { normal } from "./initializers.ts";
import { dense } from "./layers.ts";
import type { Initializer, ParameterScope } from "./parameters.ts";

/** Parts of a code that attend on their own. */
export const attentionHeads = 4;

/** Score of what must not be looked at. */
const ignored = -1e6;

/** Keeps the mean over no entities 0. */
const tiny = 1e-7;

/** First weights of layers around attention over codes of `size` (TF). */
export function attentionWeights(size: number): Initializer {
  return normal(Math.sqrt(0.125 / size));
}

/**
 * Residual self-attention with four heads, then the mean over entities:
 * codes `[batch, entities, size]` -> `[batch, size]`. `absent`
 * `[batch, entities]` holds 1 where there is no entity; a row without any
 * gives zeros. `size` must be divisible by 4.
 *
 * Of several `sets` of entities each attends to itself alone, row by row
 * `[batch * sets, size]`. What an entity asks and answers is computed once,
 * however many sets it is in.
 */
export function residualSelfAttention(
  scope: ParameterScope,
  codes: Node,
  absent: Node,
  sets?: readonly EntitySet[],
): Node {
  const [, , size] = codes.shape;
  const width = staticDim(size);
  const initializer = attentionWeights(width);
  const layer = scope.at("queries_keys_values");
  const known = layerNorm(reshape(codes, [rowsOf(codes), width]));
  const asked = dense(layer, known, 3 * width, initializer);

  const inSets = (x: Node) => sets ? takeSets(x, sets) : x;
  const missing = inSets(absent);
  const present = subtract(1, missing);
  const [batch, entities] = missing.shape;
  const rows: Shape = [rowsOf(missing), width];
  const take = (x: Node, n: number) =>
    reshape(inSets(reshape(x, [...absent.shape, n])), [rows[0], n]);
  const x = take(known, width);
  const all = take(asked, 3 * width);
  const part = width / attentionHeads;
  const [queries, keys, values] = split(all, 1, [width, width, width]).map(
    (each) =>
      transpose(reshape(each, [batch, entities, attentionHeads, part]), [
        0,
        2,
        1,
        3,
      ]),
  );
  // By the root of the whole size, not of a head's (K-9).
  const perKey = (x: Node) => reshape(x, [batch, 1, 1, entities]);
  const scores = add(
    multiply(
      matmul(queries, keys, { transposeB: true }),
      perKey(multiply(present, 1 / Math.sqrt(width))),
    ),
    perKey(multiply(missing, ignored)),
  );
  const heard = matmul(softmax(scores), values);
  const joined = reshape(transpose(heard, [0, 2, 1, 3]), rows);
  const y = layerNorm(
    add(dense(scope.at("out"), joined, width, initializer), x),
  );

  const count = add(sum(present, [1], true), tiny);
  const shares = reshape(divide(present, count), [batch, 1, entities]);
  const mean = matmul(shares, reshape(y, [batch, entities, width]));
  return reshape(mean, [batch, width]);
}

/** How many entities there are in all rows `[batch, entities, ...]`. */
const rowsOf = ({ shape: [batch, entities] }: Node) =>
  multiplyDims([batch, entities]);

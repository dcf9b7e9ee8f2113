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
import { companions, type EntitySet, takeSets } from "./entity_sets.ts";
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
  const [batch, entities, size] = codes.shape;
  const width = staticDim(size);
  const initializer = attentionWeights(width);
  const layer = scope.at("queries_keys_values");
  const known = layerNorm(reshape(codes, [rowsOf(codes), width]));
  const asked = dense(layer, known, 3 * width, initializer);
  const part = width / attentionHeads;
  const [queries, keys, values] = split(asked, 1, [width, width, width]).map(
    (each) =>
      transpose(reshape(each, [batch, entities, attentionHeads, part]), [
        0,
        2,
        1,
        3,
      ]),
  );

  const inSets = (x: Node) => sets ? takeSets(x, sets) : x;
  const present = subtract(1, inSets(absent));
  const rows: Shape = [rowsOf(present), width];
  const scores = matmul(queries, keys, { transposeB: true });
  const heard = matmul(softmax(attend(scores, absent, width, sets)), values);
  const joined = reshape(transpose(heard, [0, 2, 1, 3]), rows);
  const x = reshape(inSets(reshape(known, codes.shape)), rows);
  const y = layerNorm(
    add(dense(scope.at("out"), joined, width, initializer), x),
  );

  const count = add(sum(present, [1], true), tiny);
  const [groups, members] = present.shape;
  const shares = reshape(divide(present, count), [groups, 1, members]);
  const mean = matmul(shares, reshape(y, [groups, members, width]));
  return reshape(mean, [groups, width]);
}

/**
 * Scores of all pairs of entities `[batch, heads, entities, entities]`, without
 * those of whom must not be looked at: who is absent or in no set with the one
 * who looks. Of `sets` with a row for each of their members
 * `[batch, heads, sets * members, entities]`.
 */
function attend(
  scores: Node,
  absent: Node,
  width: number,
  sets?: readonly EntitySet[],
): Node {
  const [batch, entities] = absent.shape;
  let looks = scores;
  let seen = reshape(subtract(1, absent), [batch, 1, 1, entities]);
  if (sets) {
    const inSet = companions(sets, staticDim(entities));
    const [looking] = inSet.shape;
    const rows = multiplyDims([batch, attentionHeads]);
    const taken = takeSets(reshape(scores, [rows, entities, entities]), sets);
    looks = reshape(taken, [batch, attentionHeads, looking, entities]);
    seen = multiply(seen, inSet);
  }
  // By the root of the whole size, not of a head's (K-9).
  return add(
    multiply(looks, multiply(seen, 1 / Math.sqrt(width))),
    multiply(subtract(1, seen), ignored),
  );
}

/** How many entities there are in all rows `[batch, entities, ...]`. */
const rowsOf = ({ shape: [batch, entities] }: Node) =>
  multiplyDims([batch, entities]);

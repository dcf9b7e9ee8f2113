/** Attention of entities to each other (reference 1.5, steps 4 to 7). */
import {
  add,
  concat,
  constant,
  divide,
  layerNorm,
  matmul,
  mean,
  multiply,
  reshape,
  slice,
  softmax,
  split,
  subtract,
  sum,
  transpose,
} from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import { type Node, staticDim } from "../tensor/operation.ts";
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

/** Entities that attend to each other. */
export interface AttentionBatch {
  /** `[batch, entities, size]`. */
  readonly codes: Node;
  /** 1 where there is no entity, `[batch, entities]`; none where all are there. */
  readonly absent?: Node | undefined;
  /**
   * Sets that attend to themselves alone; all entities are one unless told. What
   * an entity asks and answers is computed once, however many sets it is in.
   */
  readonly sets?: readonly EntitySet[] | undefined;
}

/**
 * Residual self-attention with four heads, then the mean over entities: a code
 * for every row of every batch, or for each of its sets, below each other,
 * `[rows, size]`. A row without any entity gives zeros. `size` must be divisible
 * by 4.
 */
export function residualSelfAttention(
  scope: ParameterScope,
  batches: readonly AttentionBatch[],
): Node {
  const width = staticDim(batches[0].codes.shape[2]);
  const initializer = attentionWeights(width);
  const layer = scope.at("queries_keys_values");
  const known = layerNorm(
    concat(batches.map(({ codes }) => rowsOf(codes, width)), 0),
  );
  const asked = dense(layer, known, 3 * width, initializer);
  // Batches share layers: only what is between their entities is on its own.
  const each = batches.map(({ codes: { shape: [batch, n] } }) =>
    multiplyDims([batch, n])
  );
  const seen = split(known, 0, each).map((own, i) => {
    const { codes, sets } = batches[i];
    return rowsOf(inSets(reshape(own, codes.shape), sets), width);
  });
  const heard = split(asked, 0, each).map((own, i) =>
    hear(batches[i], own, width)
  );
  const y = layerNorm(add(
    dense(scope.at("out"), concat(heard, 0), width, initializer),
    concat(seen, 0),
  ));
  const members = split(y, 0, heard.map(({ shape: [rows] }) => rows));
  return concat(members.map((own, i) => meanOfPresent(batches[i], own)), 0);
}

/** What entities hear, `[rows, width]`, of what they ask `[rows, 3 width]`. */
function hear(batch: AttentionBatch, asked: Node, width: number): Node {
  const { codes: { shape: [rows, entities] }, sets } = batch;
  // Who is alone hears nobody else, whatever it asks.
  if (entities === 1 && !sets) return slice(asked, 1, 2 * width, 3 * width);
  const part = width / attentionHeads;
  const [queries, keys, values] = split(asked, 1, [width, width, width]).map(
    (each) =>
      transpose(reshape(each, [rows, entities, attentionHeads, part]), [
        0,
        2,
        1,
        3,
      ]),
  );
  const scores = matmul(queries, keys, { transposeB: true });
  const heard = matmul(softmax(attend(scores, batch, width)), values);
  return rowsOf(transpose(heard, [0, 2, 1, 3]), width);
}

/** Mean over present entities of codes `[rows, size]`: `[groups, size]`. */
function meanOfPresent(
  { codes: { shape: [batch, entities] }, absent, sets }: AttentionBatch,
  codes: Node,
): Node {
  const groups = multiplyDims([batch, sets ? sets.length : 1]);
  const members = sets ? sets[0].length : entities;
  const [, size] = codes.shape;
  const each = reshape(codes, [groups, members, size]);
  if (!absent) return mean(each, [1]);
  const present = subtract(1, inSets(absent, sets));
  const count = add(sum(present, [1], true), tiny);
  const shares = reshape(divide(present, count), [groups, 1, members]);
  return reshape(matmul(shares, each), [groups, size]);
}

const inSets = (x: Node, sets?: readonly EntitySet[]) =>
  sets ? takeSets(x, sets) : x;

/** `[batch, entities, ...]` -> `[batch * entities, width]`. */
const rowsOf = (x: Node, width: number) =>
  reshape(x, [multiplyDims(x.shape.slice(0, 2)), width]);

/**
 * Scores of all pairs of entities `[batch, heads, entities, entities]`, without
 * those of whom must not be looked at: who is absent or in no set with the one
 * who looks. Of `sets` with a row for each of their members
 * `[batch, heads, sets * members, entities]`.
 */
function attend(
  scores: Node,
  { codes: { shape: [batch, entities] }, absent, sets }: AttentionBatch,
  width: number,
): Node {
  let looks = scores;
  let seen: Node = absent
    ? reshape(subtract(1, absent), [batch, 1, 1, entities])
    : constant(1);
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

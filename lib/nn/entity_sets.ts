/** Overlapping sets of entities: each one's values, wherever it is looked at. */
import { concat, constant, reshape, slice } from "../tensor/build.ts";
import { multiplyDims } from "../tensor/dims.ts";
import type { Node } from "../tensor/operation.ts";

/** Numbers of entities. */
export type EntitySet = readonly number[];

/**
 * Values of entities `[batch, entities, ...]` as those of `sets`, which have the
 * same number of members each: `[batch * sets, members, ...]`.
 */
export function takeSets(x: Node, sets: readonly EntitySet[]): Node {
  const [batch, , ...rest] = x.shape;
  const pieces = sets.flatMap(runs).map(([start, end]) =>
    slice(x, 1, start, end)
  );
  return reshape(concat(pieces, 1), [
    multiplyDims([batch, sets.length]),
    sets[0].length,
    ...rest,
  ]);
}

/**
 * For each member of each set, set after set, 1 for the entities of its set:
 * `[sets * members, entities]`.
 */
export function companions(sets: readonly EntitySet[], entities: number): Node {
  const rows = sets.flatMap((set) =>
    set.map(() =>
      Array.from({ length: entities }, (_, i) => Number(set.includes(i)))
    )
  );
  return constant(Float32Array.from(rows.flat()), [rows.length, entities]);
}

/** Neighbors go together: `[start, end]` of each run of numbers. */
function runs(set: EntitySet): [number, number][] {
  const found: [number, number][] = [];
  for (const entity of set) {
    const last = found.at(-1);
    if (last && last[1] === entity) last[1] = entity + 1;
    else found.push([entity, entity + 1]);
  }
  return found;
}

/** Actions as networks read them. */
import { concat, oneHot, reshape, split } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";

/** Taken actions; a kind that the behavior lacks is absent. */
export interface TakenActions {
  /** `[batch, n]`. */
  readonly continuous?: Node;
  /** int32 `[batch, branches]`. */
  readonly discrete?: Node;
}

/**
 * Continuous actions as they are, then a one-hot row for every branch:
 * `[batch, n + sum of sizes]`. `sizes` are those of the branches.
 */
export function actionCode(
  { continuous, discrete }: TakenActions,
  sizes: readonly number[],
): Node {
  const parts = continuous ? [continuous] : [];
  if (discrete) {
    const [rows] = discrete.shape;
    const columns = split(discrete, 1, sizes.map(() => 1));
    columns.forEach((column, branch) =>
      parts.push(oneHot(reshape(column, [rows]), sizes[branch]))
    );
  }
  return concat(parts, 1);
}

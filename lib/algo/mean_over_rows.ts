/** Means over the rows of a minibatch. */
import { mean, multiply, reshape, sum } from "../tensor/build.ts";
import { type Node, staticSize } from "../tensor/operation.ts";

/**
 * Mean of `[batch, ...]`. With the rows' `share` `[batch]`, which adds up to 1,
 * their weighted mean: padding has no share (reference 2.3 and 3.3).
 */
export function meanOverRows(x: Node, share?: Node): Node {
  if (!share) return mean(x);
  const sizes = x.shape.slice(1);
  const weights = reshape(share, [share.shape[0], ...sizes.map(() => 1)]);
  return multiply(sum(multiply(x, weights)), 1 / staticSize(sizes));
}

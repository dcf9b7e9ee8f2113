/** How much experience one call of a program should be given. */
import { dimFactors } from "../tensor/operation.ts";
import { orderNodes, type Program } from "../tensor/program.ts";

/** More rows than this gain nothing. */
export const mostRowsAtOnce = 4096;

/**
 * Values of the largest array that a call may compute, 32 MiB. A program holds
 * four to six arrays of that size at the same time. Measured on resnet, simple
 * and vectors: more takes memory and saves no time.
 */
const mostValues = 2 ** 23;

/**
 * Rows, or sequences of `length` rows, that a program without updates takes in
 * one call: 4,096 rows, fewer where it looks at images.
 */
export function rowsAtOnce(program: Program, length = 1): number {
  const largest = orderNodes(Object.values(program.outputs)).reduce(
    (most, { shape }) => {
      const factors = shape.map(dimFactors);
      // Weights and what is computed of them alone do not grow with the rows.
      if (factors.every(({ names }) => names.length === 0)) return most;
      const values = factors.reduce(
        (product, { number }) => product * number,
        1,
      );
      return Math.max(most, values);
    },
    1,
  );
  const most = Math.min(mostRowsAtOnce / length, mostValues / largest);
  return Math.max(1, Math.floor(most));
}

/** How much experience one call of a program should be given. */
import { evaluateDim, multiplyDims } from "../tensor/dims.ts";
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
 * How many pieces of `length` rows a program without updates takes in one call:
 * 4,096 rows, fewer where it looks at images. `sizeOf` says what a size of the
 * program is for one piece, 1 unless told.
 */
export function rowsAtOnce(
  program: Program,
  length = 1,
  sizeOf: (name: string) => number = () => 1,
): number {
  const largest = orderNodes(Object.values(program.outputs)).reduce(
    (most, { shape }) => {
      // Weights and what is computed of them alone do not grow with the rows.
      if (shape.every((dim) => typeof dim === "number")) return most;
      return Math.max(most, evaluateDim(multiplyDims(shape), sizeOf));
    },
    1,
  );
  const most = Math.min(mostRowsAtOnce / length, mostValues / largest);
  return Math.max(1, Math.floor(most));
}

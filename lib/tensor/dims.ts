/** Arithmetic with sizes of which some are known only when a program runs. */
import type { Dim, Shape } from "./operation.ts";

/** A number times sorted names. */
export interface DimTerm {
  readonly number: number;
  readonly names: readonly string[];
}

/** What a size is the sum of: `2*rows+3` is 2 times `rows` and 3. */
export function dimTerms(dim: Dim): DimTerm[] {
  if (typeof dim === "number") return [{ number: dim, names: [] }];
  return dim.split("+").map((text) => {
    const names = text.split("*");
    const number = Number(names[0]);
    return Number.isNaN(number)
      ? { number: 1, names }
      : { number, names: names.slice(1) };
  });
}

/** The sum of sizes, always written the same way: 1, `rows` and 2 is `3+rows`. */
export function addDims(dims: Shape): Dim {
  return dims.reduce(
    (a, b) =>
      typeof a === "number" && typeof b === "number"
        ? a + b
        : sumOf([...dimTerms(a), ...dimTerms(b)]),
    0,
  );
}

/** What is left of `a`; terms may be negative. */
export function subtractDims(a: Dim, b: Dim): Dim {
  return addDims([a, multiplyDims([-1, b])]);
}

/** The product of sizes: of 4, `rows` and 5 it is `20*rows`. */
export function multiplyDims(dims: Shape): Dim {
  return dims.reduce(
    (a, b) =>
      typeof a === "number" && typeof b === "number" ? a * b : sumOf(
        dimTerms(a).flatMap((x) =>
          dimTerms(b).map((y) => ({
            number: x.number * y.number,
            names: [...x.names, ...y.names].sort(),
          }))
        ),
      ),
    1,
  );
}

/** Whether no value of its names makes the size negative. */
export function isNatural(dim: Dim): boolean {
  return dimTerms(dim).every(({ number }) => number >= 0);
}

/** The size where each name stands for what `sizeOf` says. */
export function evaluateDim(
  dim: Dim,
  sizeOf: (name: string) => number,
): number {
  return dimTerms(dim).reduce(
    (sum, { number, names }) =>
      sum + names.reduce((product, name) => product * sizeOf(name), number),
    0,
  );
}

/** Sorts positions of pieces that follow each other, first ones first. */
export function comparePositions(a: Dim, b: Dim): number {
  const [x, y] = [a, b].map((position) => evaluateDim(position, () => 1));
  return x - y;
}

function sumOf(terms: readonly DimTerm[]): Dim {
  const sums = new Map<string, number>();
  for (const { number, names } of terms) {
    const product = names.join("*");
    sums.set(product, (sums.get(product) ?? 0) + number);
  }
  const left = [...sums].filter(([, number]) => number !== 0)
    .sort(([a], [b]) => a < b ? -1 : 1);
  const [first] = left;
  if (!first) return 0;
  if (left.length === 1 && first[0] === "") return first[1];
  return left.map(([product, number]) =>
    product === ""
      ? `${number}`
      : number === 1
      ? product
      : `${number}*${product}`
  ).join("+");
}

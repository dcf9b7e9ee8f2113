/** A distribution of values in buckets, as TensorBoard stores it. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper edge of each bucket, rising; each begins at the edge before it. */
  readonly bucketLimits: readonly number[];
  /** Number of values in each bucket. */
  readonly bucketCounts: readonly number[];
}

/**
 * Counts the finite ones of `values` in buckets whose edges grow by 1.1 from
 * 1e-12 and are mirrored for negatives, cut to the occupied range. The first
 * bucket is empty and gives the lower edge. Null without a finite value.
 */
export function makeHistogram(values: Float64Array): Histogram | null {
  const finite = values.filter(Number.isFinite).sort();
  if (finite.length === 0) return null;
  const first = bucketOf(finite[0]);
  const last = bucketOf(finite[finite.length - 1]);
  const bucketCounts = new Array<number>(last - first + 2).fill(0);
  let sum = 0;
  let sumOfSquares = 0;
  for (const value of finite) {
    bucketCounts[bucketOf(value) - first + 1]++;
    sum += value;
    sumOfSquares += value * value;
  }
  return {
    min: finite[0],
    max: finite[finite.length - 1],
    count: finite.length,
    sum,
    sumOfSquares,
    bucketLimits: EDGES.slice(first, last + 2),
    bucketCounts,
  };
}

/** All edges in rising order: mirrored ones, zero, positive ones. */
const EDGES = makeEdges();

function makeEdges(): number[] {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return [...positive.map((edge) => -edge).reverse(), 0, ...positive];
}

/** The index of the last edge that is not above `value`; ends take the rest. */
function bucketOf(value: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (EDGES[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

import assert from "node:assert/strict";
import type { NamedArray } from "../../lib/util/arrays.ts";

/**
 * Checks that numbers agree within `tolerance`, relative where they are larger
 * than 1. Not-a-number and infinities agree with themselves only.
 */
export function assertClose(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
  tolerance = 1e-5,
  what = "value",
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [Number(actual[i]), Number(expected[i])];
    if (Object.is(a, e)) continue;
    const limit = tolerance * Math.max(1, Math.abs(e));
    assert(
      Math.abs(a - e) <= limit,
      `${what}[${i}]: ${a} instead of ${e} (tolerance ${limit})`,
    );
  }
}

/** Checks shape and values. */
export function assertSameArray(
  actual: NamedArray,
  expected: NamedArray,
  tolerance = 1e-5,
  what = "value",
): void {
  assert.deepEqual([...actual.shape], [...expected.shape], `${what}: shape`);
  assertClose(actual.data, expected.data, tolerance, what);
}

import assert from "node:assert/strict";
import { makeHistogram } from "../../lib/store/histogram.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

Deno.test("makeHistogram counts by hand-placed edges", () => {
  // Edges near zero: -1.1e-12, -1e-12, 0, 1e-12, 1.1e-12, 1.21e-12.
  const histogram = makeHistogram(
    new Float64Array([0, -0.5e-12, 1.05e-12, 0.2e-12]),
  );
  assert(histogram);
  assert.equal(histogram.min, -0.5e-12);
  assert.equal(histogram.max, 1.05e-12);
  assert.equal(histogram.count, 4);
  assert.deepEqual(histogram.bucketLimits, [
    -1e-12,
    0,
    1e-12,
    1e-12 * 1.1,
  ]);
  assert.deepEqual(histogram.bucketCounts, [0, 1, 2, 1]);
});

Deno.test("makeHistogram holds every finite value in its bucket", () => {
  const random = new RandomGenerator(3, "histogram");
  for (let round = 0; round < 50; round++) {
    const scale = 10 ** random.between(-6, 6);
    const values = Float64Array.from(
      { length: 1 + random.integer(200) },
      () => random.normal() * scale,
    );
    const histogram = makeHistogram(values);
    assert(histogram);
    const { bucketLimits, bucketCounts } = histogram;
    assert.equal(bucketLimits.length, bucketCounts.length);
    assert.equal(bucketCounts[0], 0);
    assert(bucketCounts[1] > 0);
    assert(bucketCounts[bucketCounts.length - 1] > 0);
    for (let i = 1; i < bucketLimits.length; i++) {
      const inside = values.filter((value) =>
        bucketLimits[i - 1] <= value && value < bucketLimits[i]
      );
      assert.equal(bucketCounts[i], inside.length);
    }
    assert.equal(bucketCounts.reduce((a, b) => a + b), values.length);
    const sum = values.reduce((a, b) => a + b);
    assert(Math.abs(histogram.sum - sum) < 1e-9 * scale * values.length);
  }
});

Deno.test("makeHistogram takes huge values and leaves out those not finite", () => {
  const histogram = makeHistogram(
    new Float64Array([NaN, Infinity, -Infinity, 1e30, -1e30]),
  );
  assert(histogram);
  assert.equal(histogram.count, 2);
  assert.equal(histogram.bucketCounts[1], 1);
  assert.equal(histogram.bucketCounts.at(-1), 1);
  assert.equal(makeHistogram(new Float64Array([NaN])), null);
  assert.equal(makeHistogram(new Float64Array(0)), null);
});

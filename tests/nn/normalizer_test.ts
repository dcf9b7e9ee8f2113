import assert from "node:assert/strict";
import { normalize, RunningNormalizer } from "../../lib/nn/normalizer.ts";
import { constant } from "../../lib/tensor/build.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { matrix, valuesOf } from "../support/evaluate.ts";

/** What the normaliser makes of a value of its first dimension. */
function normalized(normalizer: RunningNormalizer, value: number): number {
  const { mean, scale } = normalizer.statistics();
  const [y] = valuesOf(normalize(
    matrix(new Array(normalizer.size).fill(value)),
    { mean: constant(mean), scale: constant(scale) },
  ));
  return y;
}

Deno.test("before any data values stay as they are", () => {
  assertClose([normalized(new RunningNormalizer(1), 0.3)], [0.3], 1e-6);
});

Deno.test("after rows 1, 1, 0 the value 1 becomes 0.707", () => {
  // With the prior 0: n = 4, m = 1/2, S = 1 + 1/4 * 4 = 2; (1 - 1/2) / sqrt(2/4).
  const normalizer = new RunningNormalizer(1);
  normalizer.update(Float32Array.of(1, 1, 0), [0, 1, 2]);
  assertClose([normalized(normalizer, 1)], [Math.SQRT1_2], 1e-6);
  const { count, mean, squares } = normalizer.snapshot();
  assert.deepEqual([...count.data], [4]);
  assertClose(mean.data, [0.5], 1e-12);
  assertClose(squares.data, [2], 1e-12);
});

Deno.test("normalised values stay within -5..5", () => {
  const normalizer = new RunningNormalizer(1);
  assert.equal(normalized(normalizer, 100), 5);
  assert.equal(normalized(normalizer, -100), -5);
});

Deno.test("only the given rows count, each dimension by itself", () => {
  const observations = Float32Array.of(1, 10, 99, 99, 3, 10);
  const normalizer = new RunningNormalizer(2);
  normalizer.update(observations, Int32Array.of(0, 2));
  // (0 + 1 + 3) / 3 and (0 + 10 + 10) / 3.
  assertClose(normalizer.snapshot().mean.data, [4 / 3, 20 / 3], 1e-12);
});

Deno.test("many small updates equal one large one", () => {
  const random = new RandomGenerator(9, "observations");
  const size = 3;
  const rows = Array.from({ length: 500 }, (_, i) => i);
  const observations = Float32Array.from(
    { length: rows.length * size },
    (_, i) => 1000 * (i % size) + random.normal() * (1 + i % size),
  );
  const [whole, pieces] = [0, 1].map(() => new RunningNormalizer(size));
  whole.update(observations, rows);
  for (let at = 0; at < rows.length; at += 7) {
    pieces.update(observations, rows.slice(at, at + 7));
  }
  const [a, b] = [whole, pieces].map((each) => each.snapshot());
  for (const name of ["count", "mean", "squares"] as const) {
    assertClose(b[name].data, a[name].data, 1e-9, name);
  }
  // Against the two-pass variance, the prior's row 0 with deviation 1 included.
  const mean = Number(a.mean.data[1]);
  const squares = rows.reduce(
    (sum, row) => sum + (observations[row * size + 1] - mean) ** 2,
    mean ** 2 + 1,
  );
  assertClose([Number(a.squares.data[1])], [squares], 1e-9);
});

Deno.test("no rows change nothing", () => {
  const normalizer = new RunningNormalizer(2);
  const before = normalizer.snapshot();
  normalizer.update(new Float32Array(0), []);
  assert.deepEqual(normalizer.snapshot(), before);
});

Deno.test("a snapshot continues where it was taken", () => {
  const normalizer = new RunningNormalizer(2);
  normalizer.update(Float32Array.of(1, 2, 3, 5), [0, 1]);
  const restored = new RunningNormalizer(2);
  const snapshot = normalizer.snapshot();
  restored.restore(snapshot);
  for (const each of [normalizer, restored]) {
    each.update(Float32Array.of(0.1, 0.2), [0]);
  }
  assert.deepEqual(restored.snapshot(), normalizer.snapshot());
  assert.notDeepEqual(snapshot, normalizer.snapshot(), "not a live view");
});

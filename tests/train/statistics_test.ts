import assert from "node:assert/strict";
import { Statistics, tags } from "../../lib/train/statistics.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

Deno.test("values of a tag are summarised by its aggregation", () => {
  const statistics = new Statistics();
  for (
    const aggregation of ["average", "latest", "sum", "histogram"] as const
  ) {
    for (const value of [1, 4, 4]) {
      statistics.add(aggregation, value, aggregation);
    }
  }
  const summaries = statistics.take();
  // Mean 3, population deviation sqrt((4 + 1 + 1) / 3).
  const common = {
    mean: 3,
    standardDeviation: Math.sqrt(2),
    sum: 9,
    count: 3,
  };
  const expected = { average: 3, latest: 4, sum: 9, histogram: 3 };
  for (const [aggregation, value] of Object.entries(expected)) {
    const { values, ...summary } = summaries.get(aggregation) ?? {};
    assert.deepEqual(summary, { aggregation, value, ...common });
    const wanted = aggregation === "histogram"
      ? Float64Array.of(1, 4, 4)
      : undefined;
    assert.deepEqual(values, wanted);
  }
});

Deno.test("an average is what is meant unless told", () => {
  const statistics = new Statistics();
  statistics.add("a", 1);
  assert.equal(statistics.take().get("a")?.aggregation, "average");
});

Deno.test("sums of whole numbers are exact", () => {
  const random = new RandomGenerator(1, "sums");
  for (let n = 1; n < 60; n++) {
    const statistics = new Statistics();
    let expected = 0;
    for (let i = 0; i < n; i++) {
      const value = random.integer(1000);
      expected += value;
      statistics.add("sum", value, "sum");
    }
    assert.equal(statistics.take().get("sum")?.value, expected);
  }
});

Deno.test("taking begins anew", () => {
  const statistics = new Statistics();
  assert.equal(statistics.mean("a"), null);
  statistics.add("a", 1);
  statistics.add("a", 2);
  assert.equal(statistics.mean("a"), 1.5);
  assert.equal(statistics.take().size, 1);
  assert.equal(statistics.take().size, 0);
  assert.equal(statistics.mean("a"), null);
});

Deno.test("tags come in the order of their first use", () => {
  const statistics = new Statistics();
  for (const tag of ["z", "a", "z", "m"]) statistics.add(tag, 1);
  assert.deepEqual([...statistics.take().keys()], ["z", "a", "m"]);
});

Deno.test("a snapshot keeps values, order and aggregations", () => {
  const statistics = new Statistics();
  const kinds = ["sum", "latest", "histogram", "average"] as const;
  for (let i = 0; i < 23; i++) {
    const tag = `Own/part.${(i * 7) % 23}.x`;
    statistics.add(tag, i, kinds[i % 4]);
    statistics.add(tag, i / 3, kinds[i % 4]);
  }
  const snapshot = statistics.snapshot();
  // Files give names back sorted, or in any other order.
  const shuffled = Object.fromEntries(Object.entries(snapshot).reverse());
  const restored = new Statistics();
  restored.add("earlier", 1);
  restored.restore(shuffled);
  const [expected, actual] = [statistics, restored].map((each) => [
    ...each.take(),
  ]);
  assert.equal(expected.length, 23);
  assert.deepEqual(actual, expected);
});

Deno.test("an unknown aggregation in a snapshot is refused", () => {
  const data = Float64Array.of(1);
  const state = { "0000.median.tag": { data, shape: [1] } };
  const restore = () => new Statistics().restore(state);
  assert.throws(restore, /unknown aggregation "median"/);
});

Deno.test("signals have tags of their own", () => {
  assert.equal(tags.signalReward("extrinsic"), "Policy/Extrinsic Reward");
  const value = "Policy/Curiosity Value Estimate";
  assert.equal(tags.signalValue("curiosity"), value);
});

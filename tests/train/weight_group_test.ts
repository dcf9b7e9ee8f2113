import assert from "node:assert/strict";
import { updateProgram } from "../../lib/algo/update_program.ts";
import { UserError } from "../../lib/errors.ts";
import { zeros } from "../../lib/nn/initializers.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { mean, multiply } from "../../lib/tensor/build.ts";
import { WeightGroup } from "../../lib/train/weight_group.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";

/** Lowers w times the mean of a column. */
const program = updateProgram({
  name: "slope",
  parameters: [{ name: "net.w", shape: [1], initializer: zeros }],
  columns: { x: { shape: [], dtype: "float32" } },
  scalars: [],
  extra: [],
  prepare: (columns) => columns,
  batchSize: 1,
  loss: (scope, { x }) => {
    const w = scope.at("net").parameter("w", [1], zeros);
    const loss = multiply(mean(x), mean(w));
    return { loss, statistics: { loss } };
  },
});

const floats = (...values: number[]) => ({
  data: Float32Array.from(values),
  shape: [values.length],
});

const rows = { data: Int32Array.of(1, 2), shape: [2, 1] };
const feeds = { x: floats(1, 2, 4), rows, unknown: floats(9) };

async function withGroup(
  test: (group: WeightGroup) => void | Promise<void>,
): Promise<void> {
  const runtime = new WorkerRuntime(1);
  try {
    const weights = { "net.w": floats(3) };
    await test(WeightGroup.create("net", runtime, program, weights, 1));
  } finally {
    await runtime.close();
  }
}

async function learn(group: WeightGroup): Promise<NamedArrays> {
  const outputs = await group.run(feeds, 2, 0.1);
  group.accept(outputs);
  return outputs;
}

Deno.test("a run moves weights and state, once it is accepted", () =>
  withGroup(async (group) => {
    const outputs = await group.run(feeds, 2, 0.1);
    assert.deepEqual([...group.weights["net.w"].data], [3]);
    group.accept(outputs);
    // Gradients 2 and 4: Adam moves by 0.1, and then by 0.1 times the
    // quotient of both corrected moments.
    const first = (0.9 * 0.2 + 0.4) / 0.19;
    const second = Math.sqrt((0.999 * 0.004 + 0.016) / 0.001999);
    const expected = 3 - 0.1 - 0.1 * first / second;
    assertClose(group.weights["net.w"].data, [expected], 1e-5);
    assertClose(outputs.loss.data, [2 * 3, 4 * 2.9], 1e-5);
  }));

Deno.test("feeds stay with the caller", () =>
  withGroup(async (group) => {
    await learn(group);
    assert.equal(feeds.x.data.length, 3);
    assert.equal(rows.data.length, 2);
  }));

Deno.test("the optimiser goes on from run to run", () =>
  withGroup(async (group) => {
    await learn(group);
    await learn(group);
    const snapshot = group.snapshot();
    assert.deepEqual(Object.keys(snapshot), [
      "net.w",
      "net.adam.first",
      "net.adam.second",
      "net.adam.steps",
    ]);
    assert.deepEqual([...snapshot["net.adam.steps"].data], [4]);
    // 0.9^3 * 2 + 0.9^2 * 4 + 0.9 * 2 + 4.
    const first = 1.458 + 3.24 + 1.8 + 4;
    assertClose(snapshot["net.adam.first"].data, [first], 1e-5);
  }));

Deno.test("a restored group goes on as the saved one, bit for bit", () =>
  withGroup(async (saved) => {
    await learn(saved);
    const snapshot = saved.snapshot();
    await withGroup(async (restored) => {
      restored.restore(snapshot);
      await learn(saved);
      await learn(restored);
      assert.deepEqual(restored.snapshot(), saved.snapshot());
    });
  }));

Deno.test("initialising takes weights and leaves the optimiser", () =>
  withGroup(async (group) => {
    await learn(group);
    const { "net.adam.first": first } = group.snapshot();
    group.initialize({ "net.w": floats(7), other: floats(1, 2) });
    assert.deepEqual([...group.weights["net.w"].data], [7]);
    assert.deepEqual(group.snapshot()["net.adam.first"], first);
  }));

Deno.test("states of other networks are refused", () =>
  withGroup((group) => {
    const refused = (found: RegExp) => (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /checkpoint's "net.w" does not fit this run/);
      assert.match(error.message, found);
      return true;
    };
    const wide = { "net.w": floats(1, 2) };
    assert.throws(() => group.initialize(wide), refused(/found \[2\]/));
    assert.throws(() => group.restore({}), refused(/nothing of that name/));
    const larger = { "net.w": floats(1), "net.b": floats(2, 3) };
    const initialize = () => group.initialize(larger);
    assert.throws(initialize, /larger network.*"net\.b" \[2\]/);
    assert.deepEqual([...group.weights["net.w"].data], [3]);
    const noMoments = { "net.w": floats(1) };
    const restore = () => group.restore(noMoments);
    assert.throws(restore, /"adam.first" does not fit/);
  }));

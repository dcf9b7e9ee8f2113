import assert from "node:assert/strict";
import { columnNames } from "../../lib/algo/column_names.ts";
import { flatSize } from "../../lib/algo/flat_weights.ts";
import { sacStatistics } from "../../lib/algo/sac_losses.ts";
import { sacUpdateProgram } from "../../lib/algo/sac_update_program.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import type { Program } from "../../lib/tensor/program.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { actionKinds, pickInputs } from "../support/ppo_case.ts";
import {
  SacCase,
  type SacCaseOptions,
  sacDiscounts,
} from "../support/sac_case.ts";

const rate = 0.02;

function programOf(
  test: SacCase,
  { batch, tau = 0.1, twinMinimum = false }: SacCaseOptions,
): Program {
  return sacUpdateProgram(test.networks, {
    batchSize: batch,
    tau,
    twinMinimum,
    discounts: sacDiscounts,
  });
}

function feedsOf(
  test: SacCase,
  program: Program,
  { updates }: SacCaseOptions,
): NamedArrays {
  const size = flatSize(test.networks.parameters);
  const zeros = () => ({ data: new Float32Array(size), shape: [size] });
  const adam = adamSchedule(rate, 0, updates);
  return pickInputs(program, {
    ...test.weights,
    ...test.normalizer,
    ...test.columns,
    [updateNames.first]: zeros(),
    [updateNames.second]: zeros(),
    [updateNames.rate]: { data: adam.rate, shape: [updates] },
    [updateNames.epsilon]: { data: adam.epsilon, shape: [updates] },
  });
}

const variants: Readonly<Record<string, SacCaseOptions>> = {
  "": { updates: 3, batch: 4 },
  " by the smaller critic": { updates: 1, batch: 3, twinMinimum: true },
  " with memory": { updates: 2, batch: 8, sequenceLength: 2, tau: 0.3 },
};

for (const [kind, actions] of Object.entries(actionKinds)) {
  for (const [variant, options] of Object.entries(variants)) {
    Deno.test(`${kind}: updates${variant} are the same three ways`, () => {
      const test = new SacCase(actions, options);
      const program = programOf(test, options);
      const feeds = feedsOf(test, program, options);
      const compiled = runLowered(program, feeds);
      const interpreted = interpret(program, feeds as Feeds);
      for (const [name, { data, shape }] of Object.entries(interpreted)) {
        assert.deepEqual(compiled[name].shape, shape, name);
        assertClose(compiled[name].data, data, 1e-4, `compiled ${name}`);
      }
      test.batches.forEach((batch, update) => {
        const losses = test.plain.update(batch, rate);
        for (const [name, loss] of Object.entries(losses)) {
          const found = compiled[name].data[update];
          assertClose([Number(found)], [loss], 2e-4, `${name} ${update}`);
        }
      });
      for (const [name, { values }] of Object.entries(test.plain.weights)) {
        const { data } = compiled[updateNames.next + name];
        assertClose(data, values, 1e-3, name);
        assert.notDeepEqual([...data], [...test.weights[name].data], name);
      }
    });
  }
}

Deno.test("the temperatures before each update are told", () => {
  const options = { updates: 2, batch: 3 };
  const test = new SacCase(actionKinds.hybrid, options);
  const program = programOf(test, options);
  const outputs = runLowered(program, feedsOf(test, program, options));
  const first = (name: string) => {
    const { data, shape } = outputs[name];
    return Array.from(data.slice(0, data.length / shape[0]), Number);
  };
  const before = (name: string) =>
    Array.from(test.weights[name].data, Number).map(Math.exp);
  assertClose(
    first(sacStatistics.continuousTemperature),
    before("temperature.continuous"),
    1e-5,
  );
  assertClose(
    first(sacStatistics.discreteTemperature),
    before("temperature.discrete"),
    1e-5,
  );
  assert.deepEqual(outputs[sacStatistics.values].shape, [2, 2]);
});

Deno.test("what fills sequences up changes nothing (F-1)", () => {
  const options = { updates: 1, batch: 8, sequenceLength: 2 };
  const test = new SacCase(actionKinds.hybrid, options);
  const program = programOf(test, options);
  const feeds = feedsOf(test, program, options);
  const expected = runLowered(program, feeds);
  const mask = test.columns[columnNames.rowMask].data;
  const changed = Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => {
      const isRow = name in test.columns && shape[1] === options.batch &&
        name !== columnNames.rowMask && name !== columnNames.mask;
      if (!isRow) return [name, { data, shape }];
      const other = data.slice();
      const width = data.length / options.batch;
      for (let i = 0; i < other.length; i++) {
        if (mask[Math.floor(i / width)] === 0) other[i] = 1;
      }
      return [name, { data: other, shape }];
    }),
  );
  const actual = runLowered(program, changed);
  for (const [name, { data }] of Object.entries(expected)) {
    assertClose(actual[name].data, data, 1e-5, name);
  }
});

Deno.test("no updates leave everything as it was", () => {
  const options = { updates: 0, batch: 3 };
  const test = new SacCase(actionKinds.continuous, options);
  const program = programOf(test, options);
  const outputs = runLowered(program, feedsOf(test, program, options));
  for (const [name, { data }] of Object.entries(test.weights)) {
    assert.deepEqual(outputs[updateNames.next + name].data, data, name);
  }
});

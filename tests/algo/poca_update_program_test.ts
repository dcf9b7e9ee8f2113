import assert from "node:assert/strict";
import { ppoScalars } from "../../lib/algo/ppo_update_programs.ts";
import { policyUpdateProgram } from "../../lib/algo/ppo_update_programs.ts";
import {
  judgementUpdateProgram,
  momentUpdateProgram,
  pocaStatistics,
} from "../../lib/algo/poca_update_program.ts";
import { absentName, momentSizes } from "../../lib/algo/judge_moments.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { PlainAdam } from "../support/plain_ppo.ts";
import { PocaCase } from "../support/poca_case.ts";
import { actionKinds, pickInputs } from "../support/ppo_case.ts";

const rate = 0.02;
const epsilon = 0.2;
const beta = 0.05;

/** Rows of two minibatches. */
const minibatches = [[0, 3, 5], [8, 6, 2]];

const scalar = (value: number) => ({
  data: Float32Array.of(value),
  shape: [],
});

function feedsOf(
  test: PocaCase,
  network: "actor" | "critic",
  drawn: readonly (readonly number[])[] = minibatches,
): NamedArrays {
  const size = test.networks.parametersOf(network).reduce(
    (total, { name }) => total + test.weights[name].data.length,
    0,
  );
  const count = drawn.length;
  const adam = adamSchedule(rate, 0, count);
  const zeros = () => ({ data: new Float32Array(size), shape: [size] });
  return {
    ...test.weights,
    ...test.ppo.normalizer,
    ...test.columns,
    [ppoScalars.epsilon]: scalar(epsilon),
    [ppoScalars.beta]: scalar(beta),
    [updateNames.first]: zeros(),
    [updateNames.second]: zeros(),
    [updateNames.rows]: {
      data: Int32Array.from(drawn.flat()),
      shape: [count, drawn[0].length],
    },
    [updateNames.rate]: { data: adam.rate, shape: [count] },
    [updateNames.epsilon]: { data: adam.epsilon, shape: [count] },
  };
}

/**
 * What the loss depends on: a key's bias adds the same to all scores, so its
 * gradient is nothing but rounding, which Adam makes into steps.
 */
function deciding(name: string, data: ArrayLike<number | bigint>): number[] {
  const values = Array.from(data, Number);
  if (!name.endsWith("queries_keys_values.bias")) return values;
  values.splice(values.length / 3, values.length / 3);
  return values;
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: a whole update is the same computed three ways`, () => {
    const test = new PocaCase(actions);
    const programs = {
      actor: policyUpdateProgram(test.networks, 3),
      critic: judgementUpdateProgram(test.networks, 3, test.widest),
    };
    const results: Record<string, NamedArrays> = {};
    for (const network of ["actor", "critic"] as const) {
      const program = programs[network];
      const feeds = pickInputs(program, feedsOf(test, network));
      const compiled = runLowered(program, feeds);
      const interpreted = interpret(program, feeds as Feeds);
      for (const [name, { data, shape }] of Object.entries(interpreted)) {
        assert.deepEqual(compiled[name].shape, shape, name);
        assertClose(
          deciding(name, compiled[name].data),
          deciding(name, data),
          1e-4,
          `compiled ${name}`,
        );
      }
      results[network] = compiled;
    }
    const { plain } = test;
    const adam = new PlainAdam(plain);
    const expected = { value: [0], baseline: [0] };
    minibatches.forEach((minibatch, i) => {
      const rows = minibatch.map((row) => test.rows[row]);
      expected.value[i] = plain.groupValueLoss(rows);
      expected.baseline[i] = plain.groupBaselineLoss(rows, epsilon);
      adam.step(() => plain.groupLoss(rows, epsilon, beta), rate);
    });
    for (const { name } of test.networks.parameters) {
      const network = name.startsWith("actor.") ? "actor" : "critic";
      const { data } = results[network][updateNames.next + name];
      const { values } = plain.weights[name];
      assertClose(deciding(name, data), deciding(name, values), 3e-4, name);
    }
    const { critic } = results;
    const statistic = (name: string) => critic[name].data;
    assertClose(statistic(pocaStatistics.valueLoss), expected.value, 1e-4);
    assertClose(
      statistic(pocaStatistics.baselineLoss),
      expected.baseline,
      1e-4,
    );
  });
}

/**
 * The case's groups of three and two, an agent whose mate is only seen, agents
 * alone: two minibatches of a moment of each size. Where groups may have four
 * members, those of three are padded.
 */
const moments: Readonly<Record<number, readonly (readonly number[][])[]>> = {
  2: [[[5], [7, 6], [0, 1, 2]], [[8], [3, 4], []]],
  3: [[[5], [7, 6], [0, 1, 2]], [[], [3, 4], [8]]],
};
/** The rows that are learned from. */
const agents = [[5, 7, 0, 1, 2], [8, 3, 4]];

function momentFeeds(test: PocaCase, count = 2): NamedArrays {
  const sizes = momentSizes(1 + test.widest);
  const own = moments[test.widest].slice(0, count).map((all) =>
    all.map((rows, i) => [
      ...rows,
      ...new Array(sizes[i] - rows.length).fill(-1),
    ])
  );
  const rows = own.map((all) => all.flat());
  const shape = [count, rows[0].length];
  return {
    ...feedsOf(test, "critic", agents.slice(0, count).map(() => [0])),
    [updateNames.rows]: {
      data: Int32Array.from(rows.flat(), (row) => Math.max(row, 0)),
      shape,
    },
    [updateNames.share]: {
      data: Float32Array.from(
        rows.flatMap((all, i) =>
          all.map((row) => agents[i].includes(row) ? 1 / agents[i].length : 0)
        ),
      ),
      shape,
    },
    ...Object.fromEntries(sizes.map((size, i) => [absentName(size), {
      data: Float32Array.from(
        own.flatMap((all) => all[i]),
        (row) => row < 0 ? 1 : 0,
      ),
      shape: [count, 1, size],
    }])),
  };
}

const momentCases = Object.entries(actionKinds).flatMap(([kind, actions]) =>
  [2, 3].map((widest) => ({
    name: `${kind}, up to ${1 + widest} members`,
    create: () => new PocaCase(actions, 1, {}, widest),
  }))
);

for (const { name, create } of momentCases) {
  Deno.test(`${name}: whole moments are learned from as their agents are`, () => {
    const test = create();
    const program = momentUpdateProgram(test.networks, 1 + test.widest);
    const feeds = pickInputs(program, momentFeeds(test));
    const compiled = runLowered(program, feeds);
    const interpreted = interpret(program, feeds as Feeds);
    const { plain } = test;
    const adam = new PlainAdam(plain);
    const expected = { value: [0], baseline: [0] };
    agents.forEach((minibatch, i) => {
      const rows = minibatch.map((row) => test.rows[row]);
      expected.value[i] = plain.groupValueLoss(rows);
      expected.baseline[i] = plain.groupBaselineLoss(rows, epsilon);
      adam.step(() => plain.groupLoss(rows, epsilon, beta), rate);
    });
    for (const outputs of [compiled, interpreted]) {
      for (const { name } of test.networks.parametersOf("critic")) {
        const { data } = outputs[updateNames.next + name];
        const { values } = plain.weights[name];
        assertClose(deciding(name, data), deciding(name, values), 3e-4, name);
      }
      const statistic = (name: string) => outputs[name].data;
      assertClose(statistic(pocaStatistics.valueLoss), expected.value, 1e-4);
      assertClose(
        statistic(pocaStatistics.baselineLoss),
        expected.baseline,
        1e-4,
      );
    }
  });

  Deno.test(`${name}: the gradients of moments are those of their rows`, () => {
    const test = create();
    const { networks, widest } = test;
    const [first] = agents;
    const ofRows = judgementUpdateProgram(networks, first.length, widest);
    const rows = feedsOf(test, "critic", [first]);
    const ofMoments = momentUpdateProgram(networks, 1 + widest);
    const whole = momentFeeds(test, 1);
    const a = runLowered(ofRows, pickInputs(ofRows, rows));
    const b = runLowered(ofMoments, pickInputs(ofMoments, whole));
    // After one step a tenth of the gradients.
    const name = updateNames.next + updateNames.first;
    assertClose(b[name].data, a[name].data, 1e-6);
    assert(Array.from(a[name].data, Number).some((value) => value > 1e-3));
  });
}

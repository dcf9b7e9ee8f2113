import assert from "node:assert/strict";
import {
  policyUpdateProgram,
  ppoScalars,
  ppoStatistics,
  valueUpdateProgram,
} from "../../lib/algo/ppo_update_programs.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import type { NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { PlainAdam } from "../support/plain_ppo.ts";
import { actionKinds, pickInputs, PpoCase } from "../support/ppo_case.ts";

const rate = 0.02;
const epsilon = 0.2;
const beta = 0.05;

/** Rows of two epochs of two minibatches of two, out of five. */
const minibatches = [[0, 3], [1, 4], [4, 0], [3, 2]];

const scalar = (value: number) => ({
  data: Float32Array.of(value),
  shape: [],
});

/** The feeds of both programs; zero moments have the size of the weights. */
function feedsOf(test: PpoCase, network: "actor" | "critic"): NamedArrays {
  const size = test.networks.parametersOf(network).reduce(
    (total, { name }) => total + test.weights[name].data.length,
    0,
  );
  const count = minibatches.length;
  const adam = adamSchedule(rate, 0, count);
  const zeros = () => ({ data: new Float32Array(size), shape: [size] });
  return {
    ...test.weights,
    ...test.normalizer,
    ...test.columns,
    [ppoScalars.epsilon]: scalar(epsilon),
    [ppoScalars.beta]: scalar(beta),
    [updateNames.first]: zeros(),
    [updateNames.second]: zeros(),
    [updateNames.rows]: {
      data: Int32Array.from(minibatches.flat()),
      shape: [count, minibatches[0].length],
    },
    [updateNames.rate]: { data: adam.rate, shape: [count] },
    [updateNames.epsilon]: { data: adam.epsilon, shape: [count] },
  };
}

/** The whole phase without programs: all steps over actor and critic. */
function plainUpdate(test: PpoCase) {
  const { plain } = test;
  const adam = new PlainAdam(plain);
  const policyLosses: number[] = [];
  const valueLosses: number[] = [];
  let clipped = 0;
  for (const minibatch of minibatches) {
    const rows = minibatch.map((row) => test.rows[row]);
    policyLosses.push(plain.policyLoss(rows, epsilon));
    valueLosses.push(plain.valueLoss(rows));
    for (const row of rows) {
      plain.logProbabilities(row).forEach((log, d) => {
        const distance = Math.exp(log - row.oldLogProbabilities[d]) - 1;
        clipped += Number(Math.abs(distance) > epsilon);
      });
    }
    adam.step(() => plain.loss(rows, epsilon, beta), rate);
  }
  assert(clipped > 0, "the case has ratios beyond the clip range");
  return { plain, adam, policyLosses, valueLosses };
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  Deno.test(`${kind}: a whole update is the same computed three ways`, () => {
    const test = new PpoCase(actions, 5);
    const results: Record<string, NamedArrays> = {};
    const networks = { actor: policyUpdateProgram, critic: valueUpdateProgram };
    for (const [network, makeUpdate] of Object.entries(networks)) {
      const program = makeUpdate(test.networks, minibatches[0].length);
      const part = network === "actor" ? "actor" : "critic";
      const feeds = pickInputs(program, feedsOf(test, part));
      const compiled = runLowered(program, feeds);
      const interpreted = interpret(program, feeds as Feeds);
      for (const [name, { data, shape }] of Object.entries(interpreted)) {
        assert.deepEqual(compiled[name].shape, shape, name);
        assertClose(compiled[name].data, data, 2e-5, `compiled ${name}`);
      }
      results[network] = compiled;
    }
    const { plain, adam, policyLosses, valueLosses } = plainUpdate(test);
    for (const network of ["actor", "critic"] as const) {
      const output = (name: string) =>
        results[network][updateNames.next + name].data;
      const specs = test.networks.parametersOf(network);
      for (const { name } of specs) {
        assertClose(output(name), plain.weights[name].values, 1e-4, name);
      }
      // The state holds the moments divided by 0.1 and 0.001.
      const [m, v] = [adam.first, adam.second].map((moments) =>
        specs.flatMap(({ name }) => moments[name])
      );
      const first = m.map((value) => value / 0.1);
      assertClose(output(updateNames.first), first, 1e-4, `${network} first`);
      const second = v.map((value) => value / 0.001);
      assertClose(
        output(updateNames.second),
        second,
        1e-4,
        `${network} second`,
      );
    }
    const { data: policy } = results.actor[ppoStatistics.policyLoss];
    const { data: value } = results.critic[ppoStatistics.valueLoss];
    assertClose(policy, policyLosses, 1e-4, "policy loss");
    assertClose(value, valueLosses, 1e-4, "value loss");
  });
}

Deno.test("no minibatches leave everything as it was", () => {
  const test = new PpoCase(actionKinds.hybrid, 3);
  const program = policyUpdateProgram(test.networks, 2);
  const none = (shape: number[]) => ({ data: new Float32Array(0), shape });
  const feeds = {
    ...feedsOf(test, "actor"),
    [updateNames.rows]: { data: new Int32Array(0), shape: [0, 2] },
    [updateNames.rate]: none([0]),
    [updateNames.epsilon]: none([0]),
  };
  const outputs = runLowered(program, pickInputs(program, feeds));
  for (const { name } of test.networks.parametersOf("actor")) {
    const { data } = outputs[updateNames.next + name];
    assert.deepEqual(data, test.weights[name].data, name);
  }
  assert.equal(outputs[ppoStatistics.policyLoss].data.length, 0);
});

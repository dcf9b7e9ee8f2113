import assert from "node:assert/strict";
import { sacEvaluateProgram } from "../../lib/algo/sac_evaluate_program.ts";
import { SacNetworks } from "../../lib/algo/sac_networks.ts";
import { initializeParameters } from "../../lib/nn/parameters.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import { sacEvaluateNames } from "../../lib/algo/sac_evaluate_program.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { normals } from "../support/random_arrays.ts";

function networks(
  continuousSize: number,
  discreteBranches: number[] = [],
  memory = false,
): SacNetworks {
  return new SacNetworks({
    spec: {
      observationSpecs: [vectorObservation(3)],
      actionSpec: { continuousSize, discreteBranches },
    },
    normalize: false,
    hidden_units: 4,
    num_layers: 1,
    vis_encode_type: "simple",
    goal_conditioning_type: "hyper",
    signals: 2,
    initialTemperature: 0.5,
    memory: memory ? { memory_size: 6, sequence_length: 2 } : null,
  });
}

const described = (all: SacNetworks, network: string) =>
  all.parametersOf(network).map(({ name, shape }) => `${name} [${shape}]`);

Deno.test("an actor with a deviation of every state", () => {
  assert.deepEqual(described(networks(2), "actor"), [
    "actor.body.0.weight [3,4]",
    "actor.body.0.bias [4]",
    "actor.continuous.weight [4,2]",
    "actor.continuous.bias [2]",
    "actor.continuous.log_sigma.weight [4,2]",
    "actor.continuous.log_sigma.bias [2]",
  ]);
});

Deno.test("critics of states have a head by signal, of actions by choice", () => {
  const both = networks(2, [2, 3]);
  assert.deepEqual(described(both, "value"), [
    "value.body.0.weight [3,4]",
    "value.body.0.bias [4]",
    "value.value.weight [4,2]",
    "value.value.bias [2]",
  ]);
  // Two signals of five choices; continuous actions are read beside the rest.
  assert.deepEqual(described(both, "q2"), [
    "q2.body.0.weight [5,4]",
    "q2.body.0.bias [4]",
    "q2.value.weight [4,10]",
    "q2.value.bias [10]",
  ]);
  const [weight, , head] = described(networks(0, [2, 3]), "q1");
  assert.equal(weight, "q1.body.0.weight [3,4]");
  assert.equal(head, "q1.value.weight [4,10]");
  assert.equal(described(networks(2), "q1")[2], "q1.value.weight [4,2]");
});

Deno.test("the target network is the state values' by another name", () => {
  const all = networks(1);
  const names = all.targetParameters.map(({ name, shape }) =>
    `${name} [${shape}]`
  );
  assert.deepEqual(
    names,
    described(all, "value").map((name) => name.replace("value", "target")),
  );
  assert(!all.parameters.some(({ name }) => name.startsWith("target")));
});

Deno.test("temperatures: one of all dimensions, one of each branch", () => {
  const of = (all: SacNetworks) => {
    const weights = initializeParameters(
      all.parametersOf("temperature"),
      new RandomGenerator(1),
    );
    return Object.entries(weights).map(([name, { data }]) => [
      name,
      Array.from(data, (k) => Number(Math.exp(k).toFixed(6))),
    ]);
  };
  assert.deepEqual(of(networks(3)), [["temperature.continuous", [0.5]]]);
  assert.deepEqual(of(networks(1, [2, 3])), [
    ["temperature.continuous", [0.5]],
    ["temperature.discrete", [0.5, 0.5]],
  ]);
});

Deno.test("heads begin as the reference's do", () => {
  const { parameters } = networks(0, [300, 100]);
  const head = parameters.find(({ name }) => name === "q1.value.weight");
  assert(head);
  const values = head.initializer(head.shape, new RandomGenerator(2));
  // Xavier over 4 inputs and the 400 outputs of one signal.
  const limit = Math.sqrt(6 / 404);
  const largest = Math.max(...values.map(Math.abs));
  assert(largest <= limit && largest > 0.98 * limit, `${largest}`);
});

Deno.test("actor and state values remember, and so do both Q", () => {
  const all = networks(1, [], true);
  assert.deepEqual(all.recurrent, ["actor", "value"]);
  for (const network of ["actor", "value", "q1", "q2"]) {
    const names = described(all, network);
    assert(names.includes(`${network}.lstm.input_weight [4,12]`), network);
  }
  assert.deepEqual(networks(1).recurrent, []);
});

Deno.test("actions are tanh of samples, the likeliest tanh of the mean (F-5)", () => {
  const all = networks(2);
  const random = new RandomGenerator(4);
  const weights = Object.fromEntries(
    all.parametersOf("actor").map(({ name, shape }) => [
      name,
      normals(random, 2, shape),
    ]),
  );
  const feeds = { ...weights, obs_0: normals(random, 1, [5, 3]) };
  const act = (noise: number) =>
    runLowered(actProgram(all), {
      ...feeds,
      [actNames.continuousNoise]: {
        data: new Float32Array(10).fill(noise),
        shape: [5, 2],
      },
    })[actNames.continuous].data;
  const code = (row: number) =>
    Array.from({ length: 4 }, (_, j) => {
      const { data: w } = weights["actor.body.0.weight"];
      const { data: b } = weights["actor.body.0.bias"];
      const x = [0, 1, 2].reduce(
        (sum, i) => sum + feeds.obs_0.data[3 * row + i] * w[4 * i + j],
        b[j],
      );
      return x / (1 + Math.exp(-x));
    });
  const head = (row: number, name: string, d: number) => {
    const { data: w } = weights[`${name}.weight`];
    const { data: b } = weights[`${name}.bias`];
    return code(row).reduce((sum, x, i) => sum + x * w[2 * i + d], b[d]);
  };
  const expected = (noise: number) =>
    Array.from({ length: 10 }, (_, i) => {
      const [row, d] = [Math.floor(i / 2), i % 2];
      const log = head(row, "actor.continuous.log_sigma", d);
      const sigma = Math.exp(Math.min(Math.max(log, -20), 2));
      return Math.tanh(head(row, "actor.continuous", d) + sigma * noise);
    });
  assertClose(act(0), expected(0), 1e-5);
  assertClose(act(0.5), expected(0.5), 1e-5);
  assert(expected(0).some((action) => Math.abs(action) > 0.9));
});

Deno.test("the environment receives squashed actions as they are", () => {
  const sent = new Float32Array(3);
  networks(3).sendActions(Float32Array.of(-0.99, 0, 0.5), sent);
  assertClose(sent, [-0.99, 0, 0.5], 1e-6);
});

Deno.test("states are judged sequence by sequence, with memory", () => {
  const all = networks(1, [], true);
  const program = sacEvaluateProgram(all);
  const random = new RandomGenerator(6);
  const weights = initializeParameters(all.parametersOf("value"), random);
  const observations = normals(random, 1, [4, 3]);
  const memory = normals(random, 1, [2, 6]);
  const run = (obs_0: typeof observations, before: typeof memory) =>
    runLowered(program, { ...weights, obs_0, "value.memory": before });
  const both = run(observations, memory);
  assert.deepEqual(both[sacEvaluateNames.values].shape, [4, 2]);
  const { data, shape } = both[sacEvaluateNames.memories];
  assert.deepEqual(shape, [2, 2, 6]);
  // The second sequence alone leaves the same behind.
  const alone = run(
    { data: observations.data.slice(6), shape: [2, 3] },
    { data: memory.data.slice(6), shape: [1, 6] },
  );
  assertClose(alone[sacEvaluateNames.memories].data, data.slice(12), 1e-6);
  const { data: values } = both[sacEvaluateNames.values];
  assertClose(alone[sacEvaluateNames.values].data, values.slice(4), 1e-6);
});

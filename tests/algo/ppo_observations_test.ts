/** PPO's programs over images, entities and goals, as over vectors. */
import assert from "node:assert/strict";
import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import {
  evaluateNames,
  evaluateProgram,
} from "../../lib/algo/evaluate_program.ts";
import { columnNames, normalizerNames } from "../../lib/algo/column_names.ts";
import {
  PpoNetworks,
  type PpoNetworkSettings,
} from "../../lib/algo/ppo_networks.ts";
import {
  policyUpdateProgram,
  ppoScalars,
  valueUpdateProgram,
} from "../../lib/algo/ppo_update_programs.ts";
import { updateNames } from "../../lib/algo/update_program.ts";
import { UserError } from "../../lib/errors.ts";
import { adamSchedule } from "../../lib/nn/optimizer.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { PlainNetwork } from "../support/plain_network.ts";
import { plainNormalize } from "../support/plain_ppo.ts";
import { pickInputs } from "../support/ppo_case.ts";
import {
  normals,
  randomObservations,
  randomWeights,
} from "../support/random_arrays.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const sensors = [
  entitySensor([3, 4]),
  visualSensor([3, 20, 20]),
  vectorSensor(2, "goal"),
  vectorSensor(3),
  entitySensor([2, 2]),
  visualSensor([1, 22, 20]),
];
const settings = networkSettings(sensors);
const rows = 6;
const signals = 2;

const options: PpoNetworkSettings = {
  ...settings,
  spec: {
    observationSpecs: sensors,
    actionSpec: { continuousSize: 2, discreteBranches: [] },
  },
  normalize: true,
  signals,
};
const networks = new PpoNetworks(options);
const random = new RandomGenerator(6, "observations");
const weights = randomWeights(networks.parameters, random);
const observations = sensors.map((sensor) =>
  randomObservations(sensor, rows, random)
);
const statistics: NamedArrays = Object.fromEntries(
  networks.normalizerInputs().map(({ attributes, shape }) => [
    attributes.name,
    normals(random, 1, shape.map(Number)),
  ]),
);

const feeds: NamedArrays = {
  ...weights,
  ...statistics,
  ...Object.fromEntries(
    observations.map((array, sensor) => [
      columnNames.observation(sensor),
      array,
    ]),
  ),
  [columnNames.continuous]: normals(random, 1, [rows, 2]),
  [columnNames.advantages]: normals(random, 1, [rows]),
  [columnNames.returns]: normals(random, 1, [rows, signals]),
  [actNames.continuousNoise]: { data: new Float32Array(12), shape: [rows, 2] },
};

const valuesOf = ({ data }: NamedArray) => Array.from(data, Number);

/** What a head says of every row, without programs. */
function plainHead(network: string, head: string): number[] {
  const plain = new PlainNetwork(weights);
  return Array.from({ length: rows }, (_, row) => {
    const seen = observations.map(({ data, shape: [, width] }, sensor) => {
      const values = data.subarray(row * width, (row + 1) * width);
      const mean = statistics[normalizerNames.mean(sensor)];
      const scale = statistics[normalizerNames.scale(sensor)];
      return mean && scale
        ? plainNormalize([...values], valuesOf(mean), valuesOf(scale))
        : [...values];
    });
    const code = plain.body(network, seen, settings);
    return plain.dense(`${network}.${head}`, code);
  }).flat();
}

Deno.test("vectors are normalised, goals too; images and entities are not", () => {
  assert.deepEqual(networks.normalizedSizes, [null, null, 2, 3, null, null]);
  assert.deepEqual(Object.keys(statistics), [
    "normalizer.2.mean",
    "normalizer.2.scale",
    "normalizer.3.mean",
    "normalizer.3.scale",
  ]);
  const plain = new PpoNetworks({ ...options, normalize: false });
  assert.deepEqual(plain.normalizerInputs(), []);
});

Deno.test("programs take one flat row per sensor and decision", () => {
  const inputs = networks.observationInputs("rows").map((
    { attributes, shape },
  ) => [attributes.name, ...shape]);
  assert.deepEqual(inputs, [
    ["obs_0", "rows", 12],
    ["obs_1", "rows", 1200],
    ["obs_2", "rows", 2],
    ["obs_3", "rows", 3],
    ["obs_4", "rows", 4],
    ["obs_5", "rows", 440],
  ]);
});

Deno.test("acting and judging are what plain loops say", () => {
  const act = actProgram(networks);
  const acted = runLowered(act, pickInputs(act, feeds));
  const means = plainHead("actor", "continuous");
  assertClose(acted[actNames.continuous].data, means, 2e-5, "means");
  const evaluate = evaluateProgram(networks);
  const evaluated = runLowered(evaluate, pickInputs(evaluate, feeds));
  const values = plainHead("critic", "value");
  assertClose(evaluated[evaluateNames.values].data, values, 2e-5, "values");
});

Deno.test("acting with weights compiled in is the same", () => {
  const actor = networks.parametersOf("actor").map(({ name }) => name);
  const fixed = Object.fromEntries(actor.map((name) => [name, weights[name]]));
  const results = [actProgram(networks), actProgram(networks, fixed)].map(
    (program) => runLowered(program, pickInputs(program, feeds)),
  );
  const [first, second] = results.map((each) => each[actNames.continuous]);
  assertClose(first.data, second.data, 1e-5);
});

Deno.test("an update moves every weight of both networks", () => {
  const scalar = (value: number) => ({
    data: Float32Array.of(value),
    shape: [],
  });
  const minibatches = [[0, 1, 2, 3], [5, 4, 1, 0]];
  const adam = adamSchedule(0.01, 0, minibatches.length);
  const evaluate = evaluateProgram(networks);
  const { [evaluateNames.logProbabilities]: logs } = runLowered(
    evaluate,
    pickInputs(evaluate, feeds),
  );
  const updates = { actor: policyUpdateProgram, critic: valueUpdateProgram };
  for (const network of ["actor", "critic"] as const) {
    const program = updates[network](networks, 4);
    const parameters = networks.parametersOf(network);
    const size = parameters.reduce(
      (total, { name }) => total + weights[name].data.length,
      0,
    );
    const zeros = { data: new Float32Array(size), shape: [size] };
    const outputs = runLowered(
      program,
      pickInputs(program, {
        ...feeds,
        // Those of now, so that nothing is clipped.
        [columnNames.oldLogProbabilities]: logs,
        [updateNames.first]: zeros,
        [updateNames.second]: zeros,
        [updateNames.rows]: {
          data: Int32Array.from(minibatches.flat()),
          shape: [2, 4],
        },
        [updateNames.rate]: { data: adam.rate, shape: [2] },
        [updateNames.epsilon]: { data: adam.epsilon, shape: [2] },
        [ppoScalars.epsilon]: scalar(0.2),
        [ppoScalars.beta]: scalar(0.01),
      }),
    );
    for (const { name } of parameters) {
      const { data, shape } = outputs[updateNames.next + name];
      assert.deepEqual(shape, weights[name].shape, name);
      const before = weights[name].data;
      let moved = 0;
      for (let i = 0; i < data.length; i++) {
        assert(Number.isFinite(Number(data[i])), name);
        if (data[i] !== before[i]) moved++;
      }
      assert(moved > 0, name);
    }
  }
});

Deno.test("observations that no network can read end with a message", () => {
  const refused = (change: Partial<PpoNetworkSettings>) => () =>
    new PpoNetworks({ ...options, ...change });
  assert.throws(refused({ vis_encode_type: "nature_cnn" }), (error) => {
    assert(error instanceof UserError);
    assert.equal(error.problems.length, 2);
    return true;
  });
  const { actionSpec } = options.spec;
  const nothing = { actionSpec, observationSpecs: [] };
  assert.throws(refused({ spec: nothing }), /observes nothing/);
});

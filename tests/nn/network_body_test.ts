import assert from "node:assert/strict";
import {
  networkBody,
  type NetworkSettings,
} from "../../lib/nn/network_body.ts";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
} from "../../lib/nn/parameters.ts";
import { observationSize } from "../../lib/spec.ts";
import { input } from "../../lib/tensor/build.ts";
import { makeProgram, orderNodes } from "../../lib/tensor/program.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { PlainNetwork } from "../support/plain_network.ts";
import { randomObservations, randomWeights } from "../support/random_arrays.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const observationInputs = ({ observationSpecs }: NetworkSettings) =>
  observationSpecs.map((spec, sensor) =>
    input(`obs_${sensor}`, ["rows", observationSize(spec)])
  );

const parametersOf = (settings: NetworkSettings) =>
  collectParameters((scope) =>
    networkBody(scope.at("actor"), observationInputs(settings), settings)
  );

const vector = vectorSensor(3);
const goal = vectorSensor(2, "goal");
const camera = visualSensor([2, 20, 22]);
const entities = entitySensor([3, 2]);

const none = { goal_conditioning_type: "none" } as const;

const networks: Readonly<Record<string, NetworkSettings>> = {
  vectors: networkSettings([vector, vectorSensor(1)]),
  "three layers": networkSettings([vector], { num_layers: 3 }),
  "empty vectors": networkSettings([vectorSensor(0), vector, vectorSensor(0)]),
  "an empty goal": networkSettings([vector, vectorSensor(0, "goal")]),
  "entities beside an empty vector": networkSettings([
    entities,
    vectorSensor(0),
  ]),
  "two cameras": networkSettings([camera, vector, camera]),
  nature_cnn: networkSettings([visualSensor([1, 38, 36])], {
    vis_encode_type: "nature_cnn",
  }),
  resnet: networkSettings([visualSensor([2, 16, 15])], {
    vis_encode_type: "resnet",
  }),
  match3: networkSettings([visualSensor([3, 6, 5])], {
    vis_encode_type: "match3",
  }),
  fully_connected: networkSettings([visualSensor([2, 1, 3]), vector], {
    vis_encode_type: "fully_connected",
  }),
  entities: networkSettings([entities]),
  "two lists between vectors": networkSettings([
    vector,
    entities,
    entitySensor([4, 5]),
    vectorSensor(1),
  ]),
  "entities beside a camera": networkSettings([entities, camera]),
  "a goal": networkSettings([vector, goal]),
  "a goal alone, one layer": networkSettings([goal], { num_layers: 1 }),
  "a goal without conditioning": networkSettings([vector, goal], none),
  "two goals, three layers": networkSettings([goal, vector, goal], {
    num_layers: 3,
  }),
  "a goal image": networkSettings([vector, visualSensor([1, 20, 20], "goal")]),
  "a goal of variable length": networkSettings([
    entitySensor([3, 2], "goal"),
    vector,
  ]),
  everything: networkSettings([entities, camera, goal, vector]),
};

const rows = 5;

for (const [name, settings] of Object.entries(networks)) {
  Deno.test(`${name}: the program computes what plain loops do`, () => {
    const random = new RandomGenerator(8, name);
    const parameters = parametersOf(settings);
    const weights = randomWeights(parameters, random);
    const observations = settings.observationSpecs.map((spec) =>
      randomObservations(spec, rows, random)
    );
    const inputs = observationInputs(settings);
    const weightInputs = parameterInputs(parameters);
    const scope = bindParameters(weightInputs).at("actor");
    const code = networkBody(scope, inputs, settings);
    assert.deepEqual(code.shape, ["rows", settings.hidden_units]);
    const program = makeProgram(
      "body",
      [...Object.values(weightInputs), ...inputs],
      { code },
    );
    const fed = Object.fromEntries(
      observations.map((array, sensor) => [`obs_${sensor}`, array]),
    );
    const feeds = { ...weights, ...fed };
    const outputs = runLowered(simplifyProgram(program), feeds);
    const plain = new PlainNetwork(weights);
    const expected = Array.from({ length: rows }, (_, row) =>
      plain.body(
        "actor",
        observations.map((array) => rowOf(array, row)),
        settings,
      ));
    assertClose(outputs.code.data, expected.flat(), 2e-5, name);
  });
}

function rowOf({ data, shape }: NamedArray, row: number): number[] {
  const width = shape[1];
  return Array.from(data.subarray(row * width, (row + 1) * width), Number);
}

Deno.test("no value has more than four axes: old readers of Unity know no more", () => {
  const settings = networks.everything;
  const nodes = parameterInputs(parametersOf(settings));
  const scope = bindParameters(nodes).at("actor");
  const code = networkBody(scope, observationInputs(settings), settings);
  for (const { op, shape } of orderNodes([code])) {
    assert(shape.length <= 4, `${op} [${shape}]`);
  }
});

Deno.test("vectors alone have no weights but those of the body", () => {
  const names = parametersOf(networks.vectors).map(({ name }) => name);
  assert.deepEqual(names, [
    "actor.body.0.weight",
    "actor.body.0.bias",
    "actor.body.1.weight",
    "actor.body.1.bias",
  ]);
});

Deno.test("bodies of no rows, as of a scene without agents", () => {
  const settings = networks.everything;
  const random = new RandomGenerator(1);
  const weights = randomWeights(parametersOf(settings), random);
  const inputs = observationInputs(settings);
  const weightInputs = parameterInputs(parametersOf(settings));
  const scope = bindParameters(weightInputs).at("actor");
  const all = [...Object.values(weightInputs), ...inputs];
  const code = networkBody(scope, inputs, settings);
  const fed = Object.fromEntries(
    settings.observationSpecs.map((spec, sensor) => [
      `obs_${sensor}`,
      randomObservations(spec, 0, random),
    ]),
  );
  const program = makeProgram("empty", all, { code });
  const outputs = runLowered(program, { ...weights, ...fed });
  assert.deepEqual(outputs.code.shape, [0, settings.hidden_units]);
});

import assert from "node:assert/strict";
import { networkBody } from "../../lib/nn/network_body.ts";
import {
  bindParameters,
  collectParameters,
  parameterInputs,
} from "../../lib/nn/parameters.ts";
import { observationSize } from "../../lib/spec.ts";
import { input, square, sum } from "../../lib/tensor/build.ts";
import { gradient } from "../../lib/tensor/gradient.ts";
import { type Feeds, interpret } from "../../lib/tensor/interpret.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import { simplifyProgram } from "../../lib/tensor/simplify.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
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

const small = { hidden_units: 4 };

const networks = {
  simple: networkSettings([visualSensor([1, 21, 20])], small),
  resnet: networkSettings([visualSensor([1, 15, 16])], {
    ...small,
    vis_encode_type: "resnet",
  }),
  "empty vectors": networkSettings([
    vectorSensor(0),
    vectorSensor(2),
    vectorSensor(0, "goal"),
  ], small),
  "entities beside an empty vector": networkSettings([
    vectorSensor(0),
    entitySensor([3, 2]),
  ], small),
  "entities, an image and a goal": networkSettings([
    entitySensor([3, 2]),
    visualSensor([1, 5, 5]),
    vectorSensor(2, "goal"),
  ], { ...small, vis_encode_type: "match3" }),
};

const rows = 2;

for (const [name, settings] of Object.entries(networks)) {
  Deno.test(`${name}: the gradient is the slope, compiled as interpreted`, () => {
    const random = new RandomGenerator(5, name);
    const inputs = settings.observationSpecs.map((spec, sensor) =>
      input(`obs_${sensor}`, [rows, observationSize(spec)])
    );
    const parameters = collectParameters((scope) =>
      networkBody(scope.at("n"), inputs, settings)
    );
    const nodes = parameterInputs(parameters);
    const scope = bindParameters(nodes).at("n");
    const loss = sum(square(networkBody(scope, inputs, settings)));
    const all = [...Object.values(nodes), ...inputs];
    const weights = randomWeights(parameters, random);
    const observations = Object.fromEntries(
      settings.observationSpecs.map((spec, sensor) => [
        `obs_${sensor}`,
        randomObservations(spec, rows, random),
      ]),
    );
    const slopes = gradient(loss, Object.values(nodes));
    const program = simplifyProgram(makeProgram("gradient", all, {
      ...Object.fromEntries(
        slopes.map((slope, i) => [`d/${parameters[i].name}`, slope]),
      ),
    }));
    const feeds = { ...weights, ...observations };
    const interpreted = interpret(program, feeds, "float64");

    // Along a random way through all weights at once.
    const way = parameters.map(({ name, shape }) => ({
      name,
      data: normals(random, 1, shape).data,
    }));
    const lossAt = (step: number): number => {
      const moved: Record<string, Feeds[string]> = { ...feeds };
      for (const { name, data } of way) {
        const values = Float64Array.from(
          weights[name].data,
          (value, i) => value + step * data[i],
        );
        moved[name] = { data: values, shape: weights[name].shape };
      }
      const value = makeProgram("loss", all, { loss });
      return interpret(value, moved, "float64").loss.data[0];
    };
    const step = 1e-6;
    const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
    let slope = 0;
    for (const { name, data } of way) {
      const values = interpreted[`d/${name}`].data;
      data.forEach((each, i) => slope += each * values[i]);
    }
    assert(Math.abs(slope) > 1e-3);
    assertClose([slope / difference], [1], 1e-5, name);

    const compiled = runLowered(program, feeds);
    for (const [name, { data, shape }] of Object.entries(interpreted)) {
      assert.deepEqual(compiled[name].shape, shape, name);
      const [found, wanted] = [compiled[name].data, data].map((values) =>
        Array.from<number | bigint, number>(values, Number)
      );
      const scale = Math.max(...wanted.map(Math.abs));
      assert(scale > 0, `${name} has a gradient`);
      const relative = (values: number[]) => values.map((x) => x / scale);
      assertClose(relative(found), relative(wanted), 1e-5, name);
    }
  });
}

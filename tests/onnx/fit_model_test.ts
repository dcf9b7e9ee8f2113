import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { fitModel } from "../../lib/onnx/fit_model.ts";
import { modelInputs } from "../../lib/onnx/model_inputs.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import { secondVersionModel, smallModel } from "../support/made_models.ts";
import {
  entitySensor,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

const small = readUnityModel(encodeModel(smallModel()), "m.onnx");
const second = readUnityModel(secondVersionModel(), "m.onnx");

const hybrid: BehaviorSpec = {
  observationSpecs: [vectorSensor(3)],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};

const discrete: BehaviorSpec = {
  observationSpecs: [
    vectorSensor(2),
    visualSensor([1, 2, 2]),
    entitySensor([2, 1]),
    vectorSensor(3),
  ],
  actionSpec: { continuousSize: 0, discreteBranches: [2, 3] },
};

Deno.test("version 3 takes every sensor by its place", () => {
  assert.deepEqual(modelInputs(3, discrete.observationSpecs), [
    { name: "obs_0", shape: [2], sensors: [0] },
    { name: "obs_1", shape: [1, 2, 2], sensors: [1] },
    { name: "obs_2", shape: [2, 1], sensors: [2] },
    { name: "obs_3", shape: [3], sensors: [3] },
  ]);
});

Deno.test("version 2 joins vectors, counts images, and names lists by place", () => {
  const image = visualSensor([1, 4, 4]);
  assert.deepEqual(modelInputs(2, [...discrete.observationSpecs, image]), [
    { name: "vector_observation", shape: [5], sensors: [0, 3] },
    { name: "visual_observation_0", shape: [1, 2, 2], sensors: [1] },
    { name: "visual_observation_1", shape: [1, 4, 4], sensors: [4] },
    { name: "obs_2", shape: [2, 1], sensors: [2] },
  ]);
  assert.deepEqual(modelInputs(2, [image]), [
    { name: "visual_observation_0", shape: [1, 4, 4], sensors: [0] },
  ]);
});

Deno.test("what fits is given the inputs", () => {
  assert.deepEqual(
    fitModel(small, "B", hybrid),
    modelInputs(3, hybrid.observationSpecs),
  );
  assert.deepEqual(
    fitModel(second, "B", discrete),
    modelInputs(2, discrete.observationSpecs),
  );
});

function problems(
  model: typeof small,
  spec: BehaviorSpec,
  change: Partial<BehaviorSpec>,
): readonly string[] {
  try {
    fitModel(model, "B", { ...spec, ...change });
  } catch (error) {
    assert(error instanceof UserError, String(error));
    assert(error.message.startsWith("m.onnx: B: the model "));
    return error.problems.map(({ what, found, allowed }) =>
      `${what}: ${found}; ${allowed}`
    );
  }
  return [];
}

Deno.test("a sensor that differs is named with both shapes", () => {
  const camera = { ...vectorSensor(4), name: "Ray" };
  assert.deepEqual(problems(small, hybrid, { observationSpecs: [camera] }), [
    'the model does not fit the sensor "Ray": obs_0 of shape [3]; ' +
    "obs_0 of shape [4]",
  ]);
  const other = { ...visualSensor([3, 2, 2]), name: "" };
  const [vector, , list, last] = discrete.observationSpecs;
  assert.deepEqual(
    problems(second, discrete, {
      observationSpecs: [vector, other, list, last],
    }),
    [
      "the model does not fit a sensor without a name: " +
      "visual_observation_0 of shape [1, 2, 2]; " +
      "visual_observation_0 of shape [3, 2, 2]",
    ],
  );
});

Deno.test("sensors too many and too few are named", () => {
  const [more] = problems(small, hybrid, {
    observationSpecs: [vectorSensor(3), vectorSensor(2)],
  });
  assert.match(more, /VectorSensor_size2": no obs_1 in the model; obs_1 of/);
  const [joined, fewer] = problems(second, discrete, {
    observationSpecs: discrete.observationSpecs.slice(0, 3),
  });
  assert.match(joined, /vector_observation of shape \[5\]; .* \[2\]/);
  assert.equal(fewer, undefined);
  const [unknown] = problems(second, discrete, {
    observationSpecs: discrete.observationSpecs.toSpliced(1, 1),
  }).filter((each) => each.includes("no sensor gives"));
  assert.match(unknown, /visual_observation_0 of shape \[1, 2, 2\]/);
});

Deno.test("actions that differ are named, all at once", () => {
  const actionSpec = { continuousSize: 3, discreteBranches: [2, 3] };
  assert.deepEqual(problems(small, hybrid, { actionSpec }), [
    "the model gives another number of continuous actions: 2; 3",
    "the model has other branches of discrete actions: 3, 2; 2, 3",
  ]);
  const none = { continuousSize: 2, discreteBranches: [] };
  assert.deepEqual(problems(small, hybrid, { actionSpec: none }), [
    "the model has other branches of discrete actions: 3, 2; none",
  ]);
});

Deno.test("version 2 cannot tell branches with the same sum apart", () => {
  const actions = (discreteBranches: readonly number[]) => ({
    actionSpec: { continuousSize: 0, discreteBranches },
  });
  assert.deepEqual(problems(second, discrete, actions([5])), []);
  assert.deepEqual(problems(second, discrete, actions([5, 1])), [
    "the model has another number of discrete choices in all: 5; 6",
  ]);
});

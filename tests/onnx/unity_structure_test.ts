/** Our models have the inputs, outputs and constants of Unity's own. */
import assert from "node:assert/strict";
import type { ContractVersion } from "../../lib/onnx/model_inputs.ts";
import {
  type ReadUnityModel,
  readUnityModel,
} from "../../lib/onnx/read_unity_model.ts";
import type { ActionSpec, ObservationSpec } from "../../lib/spec.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import { readOnnx } from "../support/onnx_file.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";
import { testWithSharedData } from "../support/shared_data.ts";

/** All that there are; the names of some tell the package, not the contract. */
const unityModels: Readonly<Record<string, ContractVersion>> = {
  "3DBall": 3,
  "3DBallHard": 2,
  Basic: 3,
  Hallway: 3,
  PushBlock: 3,
  PushBlockCollab: 3,
  Pyramids: 3,
  Sorter: 3,
  Visual3DBall: 3,
  deterContinuous2vis8vec2action_v2_0: 3,
  deterDiscrete1obs3action_v2_0: 3,
  hybrid0vis8vec_2c_2_3d_v2_0: 3,
};

/** A sensor that gives values of this shape. */
function sensorOf({ shape }: { shape: readonly number[] }): ObservationSpec {
  const [first, second, third] = shape;
  if (shape.length === 1) return vectorSensor(first);
  if (shape.length === 2) return entitySensor([first, second]);
  return visualSensor([first, second, third]);
}

/** Our model for such sensors and actions. */
function ours(
  sensors: readonly ObservationSpec[],
  actions: ActionSpec,
  options: { version?: ContractVersion; memorySize?: number } = {},
): Uint8Array {
  return new ExportedPolicy(networkSettings(sensors), actions, options).bytes;
}

/** What Unity's own model would be if we had trained it. */
function likewise(unity: ReadUnityModel): Uint8Array {
  const { version, memorySize, continuousSize, observations } = unity;
  // Of version 2 no more than the sum of the branches is known.
  const discreteBranches = unity.discreteBranches ??
    (unity.branchTotal > 0 ? [unity.branchTotal] : []);
  return ours(
    observations.map(sensorOf),
    { continuousSize, discreteBranches },
    { version, memorySize },
  );
}

/** Names, element types, shapes and constant values, in order. */
function describe(bytes: Uint8Array): { inputs: string[]; outputs: string[] } {
  const { inputs, outputs } = readOnnx(bytes);
  const { graph } = readUnityModel(bytes, "m.onnx");
  const line = ({ name, type, shape }: typeof inputs[number]) => {
    const constant = graph.constant(name);
    if (constant) {
      return `${name}: ${type} [${constant.dims}] = ${constant.data}`;
    }
    // Unity's models do not mark the batch everywhere.
    const [, ...sizes] = shape;
    return `${name}: ${type} [${["batch", ...sizes]}]`;
  };
  return { inputs: inputs.map(line), outputs: outputs.map(line) };
}

for (const [name, version] of Object.entries(unityModels)) {
  testWithSharedData(
    `${name}: our model has Unity's form`,
    `onnx/${name}.onnx`,
    (bytes) => {
      const unity = readUnityModel(bytes, name);
      assert.equal(unity.version, version);
      const own = likewise(unity);
      const [actual, expected] = [own, bytes].map(describe);
      assert.deepEqual(actual.inputs, expected.inputs);
      const isOlder = !expected.outputs.some((line) =>
        line.startsWith("deterministic_")
      );
      const outputs = actual.outputs.filter((line) =>
        !isOlder || !line.startsWith("deterministic_")
      );
      assert.deepEqual(outputs, expected.outputs);
      assert.deepEqual(
        readOnnx(own).operatorSets,
        readOnnx(bytes).operatorSets,
      );
    },
  );
}

const float = 1;
const int64 = 7;
const discreteOutputs = (...sizes: readonly number[]) => [
  `discrete_actions: ${int64} [batch,${sizes.length}]`,
  `discrete_action_output_shape: ${float} [1,${sizes.length}] = ${sizes}`,
  `deterministic_discrete_actions: ${int64} [batch,${sizes.length}]`,
];
const head = (version: number, memorySize: number) => [
  `version_number: ${float} [1] = ${version}`,
  `memory_size: ${float} [1] = ${memorySize}`,
];

/** Scenes of which there is no model: from their sensors and actions. */
Deno.test("GridWorld: a camera, a goal, and masked choices", () => {
  const sensors = [visualSensor([3, 64, 84]), vectorSensor(2, "goal")];
  const model = ours(sensors, { continuousSize: 0, discreteBranches: [5] });
  assert.deepEqual(describe(model), {
    inputs: [
      `obs_0: ${float} [batch,3,64,84]`,
      `obs_1: ${float} [batch,2]`,
      `action_masks: ${float} [batch,5]`,
    ],
    outputs: [...head(3, 0), ...discreteOutputs(5)],
  });
});

Deno.test("FoodCollector: a grid of five channels, and hybrid actions", () => {
  const model = ours([visualSensor([5, 40, 40])], {
    continuousSize: 3,
    discreteBranches: [2],
  });
  assert.deepEqual(describe(model), {
    inputs: [
      `obs_0: ${float} [batch,5,40,40]`,
      `action_masks: ${float} [batch,2]`,
    ],
    outputs: [
      ...head(3, 0),
      `continuous_actions: ${float} [batch,3]`,
      `continuous_action_output_shape: ${float} [1] = 3`,
      `deterministic_continuous_actions: ${float} [batch,3]`,
      ...discreteOutputs(2),
    ],
  });
});

Deno.test("SoccerTwos: rays forward and backward, and three branches", () => {
  const model = ours([vectorSensor(264), vectorSensor(72)], {
    continuousSize: 0,
    discreteBranches: [3, 3, 3],
  });
  assert.deepEqual(describe(model), {
    inputs: [
      `obs_0: ${float} [batch,264]`,
      `obs_1: ${float} [batch,72]`,
      `action_masks: ${float} [batch,9]`,
    ],
    outputs: [...head(3, 0), ...discreteOutputs(3, 3, 3)],
  });
});

Deno.test("version 2: sensors of every kind, branches, and a memory", () => {
  const model = ours(
    [
      vectorSensor(4),
      visualSensor([3, 20, 24]),
      entitySensor([5, 3]),
      vectorSensor(2),
      visualSensor([1, 20, 20]),
    ],
    { continuousSize: 0, discreteBranches: [3, 2] },
    { version: 2, memorySize: 6 },
  );
  assert.deepEqual(describe(model), {
    inputs: [
      `vector_observation: ${float} [batch,6]`,
      `visual_observation_0: ${float} [batch,3,20,24]`,
      `visual_observation_1: ${float} [batch,1,20,20]`,
      `obs_2: ${float} [batch,5,3]`,
      `action_masks: ${float} [batch,5]`,
      `recurrent_in: ${float} [batch,1,6]`,
    ],
    outputs: [
      ...head(2, 6),
      `discrete_actions: ${float} [batch,5]`,
      `discrete_action_output_shape: ${float} [1] = 5`,
      `action: ${float} [batch,5]`,
      `is_continuous_control: ${float} [1] = 0`,
      `action_output_shape: ${float} [1] = 5`,
      `recurrent_out: ${float} [batch,1,6]`,
    ],
  });
});

Deno.test("version 2: hybrid actions have no output for one kind alone", () => {
  const actions = { continuousSize: 2, discreteBranches: [3, 2] };
  const model = ours([vectorSensor(4)], actions, { version: 2 });
  assert.deepEqual(describe(model).outputs, [
    ...head(2, 0),
    `continuous_actions: ${float} [batch,2]`,
    `continuous_action_output_shape: ${float} [1] = 2`,
    `discrete_actions: ${float} [batch,5]`,
    `discrete_action_output_shape: ${float} [1] = 5`,
  ]);
});

Deno.test("the batch is free on every input and output", () => {
  const actions = { continuousSize: 2, discreteBranches: [3, 2] };
  const sensors = [vectorSensor(4), visualSensor([3, 20, 24])];
  for (const version of [2, 3] as const) {
    const bytes = ours(sensors, actions, { version, memorySize: 6 });
    const { inputs, outputs } = readOnnx(bytes);
    for (const { name, shape } of [...inputs, ...outputs]) {
      const isConstant = /^version|^memory|output_shape$/.test(name);
      assert.equal(shape[0], isConstant ? 1 : "batch", name);
    }
  }
});

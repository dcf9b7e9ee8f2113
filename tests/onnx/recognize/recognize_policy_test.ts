/** Policies come out of models as they went in, and as Unity wrote them. */
import assert from "node:assert/strict";
import { UserError } from "../../../lib/errors.ts";
import type { NetworkSettings } from "../../../lib/nn/network_body.ts";
import { readUnityModel } from "../../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../../lib/onnx/recognize/recognize_policy.ts";
import { addPrefix } from "../../../lib/util/arrays.ts";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import { changedGraph, secondVersionModel } from "../../support/made_models.ts";
import { networkKinds } from "../../support/network_kinds.ts";
import { assertActsAs, statisticsOf } from "../../support/same_policy.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../../support/sensors.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

for (const [name, kind] of Object.entries(networkKinds)) {
  Deno.test(`${name}: exported and recognised`, () => {
    const { settings, actions, found: expected, ...options } = kind;
    const original = new ExportedPolicy(settings, actions, options);
    const found = recognizePolicy(readUnityModel(original.bytes, "m.onnx"));
    const { weights, normalizers: _, ...form } = found;
    assert.deepEqual(form, {
      hiddenUnits: settings.hidden_units,
      numLayers: settings.num_layers,
      visualEncoder: null,
      goals: [],
      memorySize: 0,
      isSquashed: false,
      ...expected,
    });
    assert.deepEqual(statisticsOf(found), original.statistics);
    const named = addPrefix("actor.", weights);
    assert.deepEqual(
      Object.keys(named).sort(),
      Object.keys(original.weights).sort(),
    );
    // An LSTM's two biases come back as one: only their sum counts.
    if (!kind.memorySize) assert.deepEqual(named, original.weights);
  });
}

interface UnityCase {
  readonly settings: NetworkSettings;
  readonly actions: ExportedPolicy["networks"]["actions"];
  readonly normalize?: true;
  readonly memorySize?: number;
}

const discrete = (...discreteBranches: readonly number[]) => ({
  continuousSize: 0,
  discreteBranches,
});
const two = { continuousSize: 2, discreteBranches: [] };
const units = (hidden_units: number) => ({ hidden_units });

const unityModels: Readonly<Record<string, UnityCase>> = {
  "3DBall": {
    settings: networkSettings([vectorSensor(8)], units(128)),
    actions: two,
    normalize: true,
  },
  Basic: {
    settings: networkSettings([vectorSensor(20)], {
      hidden_units: 20,
      num_layers: 1,
    }),
    actions: discrete(3),
  },
  Hallway: {
    settings: networkSettings([vectorSensor(105), vectorSensor(3)], units(128)),
    actions: discrete(5),
    memorySize: 128,
  },
  PushBlock: {
    settings: networkSettings(
      [vectorSensor(105), vectorSensor(105)],
      units(256),
    ),
    actions: discrete(7),
  },
  PushBlockCollab: {
    settings: networkSettings(
      [visualSensor([6, 20, 20]), vectorSensor(10)],
      units(256),
    ),
    actions: discrete(7),
  },
  Pyramids: {
    settings: networkSettings(
      [56, 56, 56, 4].map((size) => vectorSensor(size)),
      units(512),
    ),
    actions: discrete(5),
  },
  Sorter: {
    settings: networkSettings(
      [entitySensor([20, 23]), vectorSensor(10), vectorSensor(8)],
      units(128),
    ),
    actions: discrete(3, 3, 3),
  },
  hybrid0vis8vec_2c_2_3d_v2_0: {
    settings: networkSettings([vectorSensor(8)], units(128)),
    actions: { continuousSize: 2, discreteBranches: [2, 3] },
    normalize: true,
    memorySize: 128,
  },
};

for (
  const [name, { settings, actions, ...test }] of Object.entries(unityModels)
) {
  testWithSharedData(
    `Unity's ${name} acts the same in our network`,
    `onnx/${name}.onnx`,
    (bytes) => {
      const model = readUnityModel(bytes, name);
      const found = recognizePolicy(model);
      const own = new ExportedPolicy(settings, actions, {
        normalize: test.normalize ?? false,
        memorySize: test.memorySize ?? 0,
        weights: addPrefix("actor.", found.weights),
        statistics: statisticsOf(found),
      });
      // Larger networks add up more rounding.
      assertActsAs(model, own, 2e-5);
    },
  );
}

function refusal(bytes: Uint8Array): string {
  try {
    recognizePolicy(readUnityModel(bytes, "m.onnx"));
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  throw new Error("was recognised");
}

/** The small model with other operators in the places of some. */
const replacing = (opType: string, by: string) =>
  refusal(changedGraph(({ node }) => ({
    node: node.map((each) =>
      each.opType === opType ? { ...each, opType: by } : each
    ),
  })));

Deno.test("other networks are refused with what was found", () => {
  assert.match(
    replacing("Sigmoid", "Tanh"),
    /^m\.onnx: the model's network is none .*no dense layers with swish/,
  );
  assert.match(replacing("Clip", "Tanh"), /found Tanh where Clip was expected/);
  assert.match(replacing("Exp", "Abs"), /found Abs where Exp was expected/);
  assert.match(replacing("Softmax", "Sigmoid"), /Sigmoid where Softmax/);
  assert.match(refusal(secondVersionModel()), /found a model of version 2/);
});

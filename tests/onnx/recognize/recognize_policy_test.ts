/** Policies come out of models as they went in, and as Unity wrote them. */
import assert from "node:assert/strict";
import { UserError } from "../../../lib/errors.ts";
import type { NetworkSettings } from "../../../lib/nn/network_body.ts";
import { readUnityModel } from "../../../lib/onnx/read_unity_model.ts";
import {
  type RecognizedPolicy,
  recognizePolicy,
} from "../../../lib/onnx/recognize/recognize_policy.ts";
import { addPrefix } from "../../../lib/util/arrays.ts";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import { changedGraph, secondVersionModel } from "../../support/made_models.ts";
import { assertActsAs, statisticsOf } from "../../support/same_policy.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../../support/sensors.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

const hybrid = { continuousSize: 2, discreteBranches: [3, 2] };

interface Case {
  readonly settings: NetworkSettings;
  readonly memorySize?: number;
  readonly normalize?: false;
  /** What is to be found besides hidden_units and num_layers. */
  readonly found?: Partial<RecognizedPolicy>;
}

const vector = vectorSensor(3);
const goal = vectorSensor(2, "goal");
const entities = entitySensor([4, 3]);
const camera = visualSensor([3, 20, 24]);

const cases: Readonly<Record<string, Case>> = {
  "one vector": { settings: networkSettings([vector]) },
  "vectors as they are": {
    settings: networkSettings([vector, vectorSensor(5)]),
    normalize: false,
  },
  "one layer": { settings: networkSettings([vector], { num_layers: 1 }) },
  "four layers": { settings: networkSettings([vector], { num_layers: 4 }) },
  "other units": { settings: networkSettings([vector], { hidden_units: 5 }) },
  memory: {
    settings: networkSettings([vector]),
    memorySize: 6,
    found: { memorySize: 6 },
  },
  simple: {
    settings: networkSettings([camera, vector]),
    found: { visualEncoder: "simple" },
  },
  nature_cnn: {
    settings: networkSettings([visualSensor([1, 36, 36])], {
      vis_encode_type: "nature_cnn",
    }),
    found: { visualEncoder: "nature_cnn" },
  },
  resnet: {
    settings: networkSettings([visualSensor([3, 16, 17])], {
      vis_encode_type: "resnet",
    }),
    found: { visualEncoder: "resnet" },
  },
  match3: {
    settings: networkSettings([visualSensor([5, 6, 5]), vector], {
      vis_encode_type: "match3",
    }),
    found: { visualEncoder: "match3" },
  },
  fully_connected: {
    settings: networkSettings([
      visualSensor([2, 3, 4]),
      visualSensor([1, 3, 4]),
    ], { vis_encode_type: "fully_connected" }),
    found: { visualEncoder: "fully_connected" },
  },
  entities: { settings: networkSettings([entities]) },
  "several entities": {
    settings: networkSettings([entities, vector, entitySensor([2, 5])]),
  },
  "a goal": {
    settings: networkSettings([vector, goal]),
    found: { goals: [1] },
  },
  "a goal for the only layer": {
    settings: networkSettings([goal, vector], { num_layers: 1 }),
    found: { goals: [0] },
  },
  "a goal like all others": {
    settings: networkSettings([vector, goal], {
      goal_conditioning_type: "none",
    }),
  },
  everything: {
    settings: networkSettings([
      entities,
      camera,
      goal,
      vector,
      visualSensor([1, 21, 20], "goal"),
    ]),
    memorySize: 4,
    found: { visualEncoder: "simple", goals: [2, 4], memorySize: 4 },
  },
};

for (const [name, test] of Object.entries(cases)) {
  Deno.test(`${name}: exported, recognised, and acting the same`, () => {
    const { settings, ...options } = test;
    const original = new ExportedPolicy(settings, hybrid, options);
    const model = readUnityModel(original.bytes, "m.onnx");
    const found = recognizePolicy(model);
    const { weights, normalizers: _, ...form } = found;
    assert.deepEqual(form, {
      hiddenUnits: settings.hidden_units,
      numLayers: settings.num_layers,
      visualEncoder: null,
      goals: [],
      memorySize: 0,
      ...test.found,
    });
    const again = new ExportedPolicy(settings, hybrid, {
      ...options,
      weights: addPrefix("actor.", weights),
      statistics: statisticsOf(found),
    });
    assert.deepEqual(again.statistics, original.statistics);
    if (!test.memorySize) assert.deepEqual(again.weights, original.weights);
    assert.deepEqual(
      Object.keys(again.weights).sort(),
      Object.keys(original.weights).sort(),
    );
    assertActsAs(model, again);
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

/**
 * Policies in models that the reference trainer writes today. Runs where
 * `PYTHON` names an interpreter that has it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../lib/errors.ts";
import type { NetworkSettings } from "../../../lib/nn/network_body.ts";
import { readUnityModel } from "../../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../../lib/onnx/recognize/recognize_policy.ts";
import type { ActionSpec, ObservationSpec } from "../../../lib/spec.ts";
import { addPrefix } from "../../../lib/util/arrays.ts";
import { runPython } from "../../store/python.ts";
import { ExportedPolicy } from "../../support/exported_policy.ts";
import { assertActsAs, statisticsOf } from "../../support/same_policy.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../../support/sensors.ts";
import { inTemporaryFolder } from "../../util/temporary_folder.ts";

const program = Deno.readTextFileSync(
  new URL("export_reference_models.py", import.meta.url),
);

const hybrid = { continuousSize: 2, discreteBranches: [3, 2] };
const continuous = { continuousSize: 2, discreteBranches: [] };
const discrete = { continuousSize: 0, discreteBranches: [4] };

const [vector, entities] = [vectorSensor(3), entitySensor([4, 3])];
const [camera, goal] = [visualSensor([3, 20, 24]), vectorSensor(2, "goal")];

interface Case {
  readonly sensors: readonly ObservationSpec[];
  readonly actions: ActionSpec;
  readonly change?: Partial<NetworkSettings>;
  readonly normalize?: true;
  readonly memorySize?: number;
}

/** As in the program that writes them. */
const cases: Readonly<Record<string, Case>> = {
  vectors: {
    sensors: [vector, vectorSensor(2)],
    actions: hybrid,
    normalize: true,
  },
  three_layers: {
    sensors: [vector],
    actions: continuous,
    change: { num_layers: 3 },
  },
  one_layer: {
    sensors: [vector],
    actions: discrete,
    change: { num_layers: 1 },
  },
  simple: { sensors: [camera, vector], actions: hybrid, normalize: true },
  nature_cnn: {
    sensors: [visualSensor([1, 36, 36])],
    actions: continuous,
    change: { vis_encode_type: "nature_cnn" },
  },
  resnet: {
    sensors: [visualSensor([3, 16, 17])],
    actions: continuous,
    change: { vis_encode_type: "resnet" },
  },
  match3: {
    sensors: [visualSensor([5, 6, 5]), vectorSensor(2)],
    actions: discrete,
    change: { vis_encode_type: "match3" },
  },
  fully_connected: {
    sensors: [visualSensor([2, 3, 4]), visualSensor([1, 3, 4])],
    actions: continuous,
    change: { vis_encode_type: "fully_connected" },
  },
  entities: { sensors: [entities], actions: continuous },
  several_entities: {
    sensors: [entities, vector, entitySensor([5, 2])],
    actions: hybrid,
    normalize: true,
  },
  goal: { sensors: [vector, goal], actions: hybrid, normalize: true },
  goal_of_one_layer: {
    sensors: [vector, goal],
    actions: continuous,
    change: { num_layers: 1 },
  },
  plain_goal: {
    sensors: [vector, goal],
    actions: continuous,
    change: { goal_conditioning_type: "none" },
  },
  memory: {
    sensors: [vector],
    actions: hybrid,
    normalize: true,
    memorySize: 8,
  },
  everything: {
    sensors: [
      entities,
      camera,
      goal,
      vector,
      visualSensor([1, 21, 20], "goal"),
    ],
    actions: hybrid,
    normalize: true,
    memorySize: 6,
  },
};

Deno.test("networks of every kind act the same in our programs", () =>
  inTemporaryFolder(async (folder) => {
    const modules = ["mlagents.trainers", "torch", "onnx"];
    if (await runPython(modules, program, [folder]) === null) return;
    const read = (name: string) =>
      readUnityModel(Deno.readFileSync(join(folder, `${name}.onnx`)), name);
    for (const [name, test] of Object.entries(cases)) {
      const model = read(name);
      const found = recognizePolicy(model);
      const settings = networkSettings(test.sensors, test.change);
      const own = new ExportedPolicy(settings, test.actions, {
        normalize: test.normalize ?? false,
        memorySize: test.memorySize ?? 0,
        weights: addPrefix("actor.", found.weights),
        statistics: statisticsOf(found),
      });
      assertActsAs(model, own);
    }
    assert.throws(
      () => recognizePolicy(read("sac")),
      (error) =>
        error instanceof UserError &&
        /found Tanh where Div was expected/.test(error.message),
    );
  }));

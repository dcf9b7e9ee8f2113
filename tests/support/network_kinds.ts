/** Networks of every kind, small enough to act in a moment. */
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import type { RecognizedPolicy } from "../../lib/onnx/recognize/recognize_policy.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "./sensors.ts";

export interface NetworkKind {
  readonly settings: NetworkSettings;
  readonly actions: ActionSpec;
  readonly memorySize?: number;
  readonly normalize?: false;
  readonly sharedCritic?: true;
  readonly isSquashed?: true;
  /** What its model shows besides hidden_units and num_layers. */
  readonly found?: Partial<RecognizedPolicy>;
}

const hybrid = { continuousSize: 2, discreteBranches: [3, 2] };
const continuous = { continuousSize: 3, discreteBranches: [] };
const discrete = { continuousSize: 0, discreteBranches: [4, 2, 3] };

const vector = vectorSensor(3);
const goal = vectorSensor(2, "goal");
const entities = entitySensor([4, 3]);
const camera = visualSensor([3, 20, 24]);

const of = (
  sensors: Parameters<typeof networkSettings>[0],
  change: Partial<NetworkSettings> = {},
) => ({ settings: networkSettings(sensors, change), actions: hybrid });

export const networkKinds: Readonly<Record<string, NetworkKind>> = {
  "one vector": of([vector]),
  "vectors as they are": {
    ...of([vector, vectorSensor(5)]),
    normalize: false,
  },
  "continuous actions": {
    ...of([vector, goal]),
    actions: continuous,
    found: { goals: [1] },
  },
  "discrete actions": { ...of([vector]), actions: discrete },
  "one branch": {
    ...of([vector]),
    actions: { continuousSize: 0, discreteBranches: [5] },
  },
  "a shared critic": { ...of([vector]), sharedCritic: true },
  "squashed actions": {
    ...of([vector]),
    isSquashed: true,
    found: { isSquashed: true },
  },
  "squashed actions with memory": {
    ...of([vector, goal]),
    actions: continuous,
    memorySize: 6,
    isSquashed: true,
    found: { goals: [1], memorySize: 6, isSquashed: true },
  },
  "one layer": of([vector], { num_layers: 1 }),
  "four layers": of([vector], { num_layers: 4 }),
  "other units": of([vector], { hidden_units: 5 }),
  memory: { ...of([vector]), memorySize: 6, found: { memorySize: 6 } },
  "memory of discrete actions and a shared critic": {
    ...of([vector]),
    actions: discrete,
    memorySize: 4,
    sharedCritic: true,
    found: { memorySize: 4 },
  },
  simple: { ...of([camera, vector]), found: { visualEncoder: "simple" } },
  nature_cnn: {
    ...of([visualSensor([1, 36, 36])], { vis_encode_type: "nature_cnn" }),
    found: { visualEncoder: "nature_cnn" },
  },
  resnet: {
    ...of([visualSensor([3, 16, 17])], { vis_encode_type: "resnet" }),
    found: { visualEncoder: "resnet" },
  },
  match3: {
    ...of([visualSensor([5, 6, 5]), vector], { vis_encode_type: "match3" }),
    found: { visualEncoder: "match3" },
  },
  fully_connected: {
    ...of([visualSensor([2, 3, 4]), visualSensor([1, 3, 4])], {
      vis_encode_type: "fully_connected",
    }),
    found: { visualEncoder: "fully_connected" },
  },
  entities: of([entities]),
  "one entity": of([entitySensor([1, 3]), vector]),
  "several entities": of([entities, vector, entitySensor([2, 5])]),
  "empty vectors": {
    ...of([vectorSensor(0), vector, vectorSensor(0, "goal"), goal]),
    found: { goals: [3] },
  },
  "entities and an empty vector": of([vectorSensor(0), entities]),
  "a goal": { ...of([vector, goal]), found: { goals: [1] } },
  "a goal for the only layer": {
    ...of([goal, vector], { num_layers: 1 }),
    found: { goals: [0] },
  },
  "a goal like all others": of([vector, goal], {
    goal_conditioning_type: "none",
  }),
  everything: {
    ...of([
      entities,
      camera,
      goal,
      vector,
      visualSensor([1, 21, 20], "goal"),
      entitySensor([2, 5]),
      vectorSensor(5),
    ]),
    memorySize: 4,
    found: { visualEncoder: "simple", goals: [2, 4], memorySize: 4 },
  },
};

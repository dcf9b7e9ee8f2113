/**
 * The reference's acceptance tests POCA-1 to POCA-5 (algorithms, 10): a group
 * that is rewarded when the last of its members ends, and agents on their own.
 */
import type { ObservationSpec } from "../../lib/spec.ts";
import { LineGame } from "../support/line_game.ts";
import { vectorSensor } from "../support/sensors.ts";
import { accept } from "./accept.ts";
import {
  camera,
  continuous,
  discrete,
  list,
  withGoal,
} from "./line_game_kinds.ts";
import { schedules } from "./schedules.ts";

interface Acceptance {
  readonly name: string;
  readonly members?: number;
  readonly hidesGoal?: boolean;
  readonly observationSpecs?: readonly ObservationSpec[];
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly hasMemory?: boolean;
  readonly batchSize?: number;
  readonly bufferSize?: number;
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly threshold?: number;
  readonly onlyFull?: boolean;
}

const kinds = [discrete, continuous];

const vectors: readonly Acceptance[] = kinds.map(({ kind, ...actions }) => ({
  name: `POCA-1, ${kind}`,
  members: 2,
  learningRate: 5e-3,
  ...actions,
}));

const images: readonly Acceptance[] = [
  { what: "a vector and a camera", sensors: [vectorSensor(1), camera] },
  {
    what: "a vector and two cameras",
    sensors: [vectorSensor(1), camera, camera],
    onlyFull: true,
  },
].map(({ what, sensors, ...rest }) => ({
  ...rest,
  name: `POCA-2, ${what}`,
  members: 2,
  observationSpecs: sensors,
  branches: 1,
}));

const entities: readonly Acceptance[] = [
  { what: "a list", sensors: [list] },
  { what: "two lists", sensors: [list, list], onlyFull: true },
  {
    what: "a vector and a list",
    sensors: [vectorSensor(1), list],
    onlyFull: true,
  },
  {
    what: "a vector, a camera and two lists",
    sensors: [vectorSensor(1), camera, list, list],
    onlyFull: true,
  },
].map(({ what, sensors, ...rest }) => ({
  ...rest,
  name: `POCA-3, ${what}`,
  members: 2,
  observationSpecs: withGoal(sensors),
  branches: 1,
  maxSteps: 5000,
}));

const remembering = {
  hasMemory: true,
  learningRate: 1e-3,
  batchSize: 64,
  bufferSize: 128,
};

const memories: readonly Acceptance[] = kinds.flatMap((
  { kind, ...actions },
) => [
  {
    ...remembering,
    ...actions,
    name: `POCA-4, ${kind}, an agent on its own that remembers`,
    onlyFull: true,
    hidesGoal: true,
    maxSteps: 6000,
  },
  {
    ...remembering,
    ...actions,
    name: `POCA-5, ${kind}, a group that remembers`,
    members: 2,
    maxSteps: 500,
    // It is too short to learn: any reward will do.
    threshold: -2,
  },
]);

for (const acceptance of [...vectors, ...images, ...entities, ...memories]) {
  const { batchSize = 16, bufferSize = 64, learningRate = 3e-4 } = acceptance;
  const { maxSteps = 3000, threshold = 0.9, hasMemory = false } = acceptance;
  accept({
    name: acceptance.name,
    game: (seed) => new LineGame({ ...acceptance, seed }),
    behavior: {
      trainer_type: "poca",
      hyperparameters: {
        batch_size: batchSize,
        buffer_size: bufferSize,
        learning_rate: learningRate,
        ...schedules,
      },
      network_settings: {
        hidden_units: 32,
        num_layers: 1,
        memory: hasMemory ? { memory_size: 16 } : null,
      },
      max_steps: maxSteps,
      summary_freq: 500,
    },
    threshold,
    onlyFull: acceptance.onlyFull ?? false,
  });
}

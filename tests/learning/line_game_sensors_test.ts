/**
 * The reference's acceptance tests PPO-3, PPO-4, PPO-5 and HYB-2 (algorithms,
 * 10): the line game seen through images and entities.
 */
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import type { ObservationSpec } from "../../lib/spec.ts";
import { LineGame } from "../support/line_game.ts";
import { vectorSensor, visualSensor } from "../support/sensors.ts";
import { accept } from "./accept.ts";
import {
  camera,
  continuous,
  discrete,
  list,
  withGoal,
} from "./line_game_kinds.ts";
import { schedules } from "./schedules.ts";

type Network = NonNullable<
  NonNullable<RunConfiguration["behaviors"]>[string]
>["network_settings"];

interface Acceptance {
  readonly name: string;
  readonly observationSpecs: readonly ObservationSpec[];
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly stepSize?: number;
  readonly network?: Network;
  readonly sharedCritic?: boolean;
  readonly batchSize?: number;
  readonly bufferSize?: number;
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly threshold?: number;
  readonly onlyFull?: boolean;
}

const kinds = [discrete, continuous];

const images: readonly Acceptance[] = kinds.flatMap(({ kind, ...actions }) =>
  [
    { what: "a camera", sensors: [camera] },
    { what: "two cameras", sensors: [camera, camera] },
  ].flatMap(({ what, sensors }) =>
    [false, true].map((sharedCritic) => ({
      name: `PPO-3, ${what}, ${kind}${sharedCritic ? ", shared critic" : ""}`,
      observationSpecs: sensors,
      sharedCritic,
      ...actions,
    }))
  )
);

const hybrids: readonly Acceptance[] = [
  { what: "a camera", sensors: [camera] },
  { what: "two cameras", sensors: [camera, camera] },
].map(({ what, sensors }) => ({
  name: `HYB-2, ${what}, one action of each kind`,
  observationSpecs: sensors,
  continuousSize: 1,
  branches: 1,
  batchSize: 64,
  bufferSize: 1024,
  learningRate: 1e-4,
  maxSteps: 8000,
}));

const entities: readonly Acceptance[] = kinds.flatMap((
  { kind, ...actions },
) =>
  [
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
    },
  ].map(({ what, sensors, ...rest }) => ({
    ...rest,
    name: `PPO-4, ${what}, ${kind}`,
    observationSpecs: withGoal(sensors),
    ...actions,
  }))
);

const encoders: readonly Acceptance[] = ([
  { encoder: "resnet", image: visualSensor([3, 36, 36]) },
  { encoder: "nature_cnn", image: visualSensor([3, 36, 36]) },
  { encoder: "match3", image: visualSensor([5, 5, 5]) },
] as const).map(({ encoder, image }) => ({
  name: `PPO-5, ${encoder}`,
  observationSpecs: [image],
  branches: 1,
  stepSize: 0.5,
  network: { hidden_units: 16, num_layers: 1, vis_encode_type: encoder },
  maxSteps: 900,
  threshold: 0.5,
}));

for (const acceptance of [...images, ...hybrids, ...entities, ...encoders]) {
  const { batchSize = 16, bufferSize = 64, learningRate = 3e-4 } = acceptance;
  const { maxSteps = 3000, threshold = 0.9 } = acceptance;
  const { network = { hidden_units: 32, num_layers: 1 } } = acceptance;
  accept({
    name: acceptance.name,
    game: (seed) => new LineGame({ ...acceptance, seed }),
    behavior: {
      hyperparameters: {
        batch_size: batchSize,
        buffer_size: bufferSize,
        learning_rate: learningRate,
        shared_critic: acceptance.sharedCritic ?? false,
        ...schedules,
      },
      network_settings: network,
      max_steps: maxSteps,
      summary_freq: 500,
    },
    threshold,
    onlyFull: acceptance.onlyFull ?? false,
  });
}

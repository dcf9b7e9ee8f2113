/**
 * The reference's acceptance tests PPO-3, PPO-4 and PPO-5 (algorithms, 10): the
 * line game seen through images and entities.
 */
import assert from "node:assert/strict";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import type { ObservationSpec } from "../../lib/spec.ts";
import { LineGame } from "../support/line_game.ts";
import { meanOf } from "../support/play_episodes.ts";
import {
  entitySensor,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";
import { settingsOf, trainHere } from "../support/train_here.ts";
import { seeds } from "./seeds.ts";

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
  readonly maxSteps?: number;
  readonly threshold?: number;
}

const camera = visualSensor([3, 20, 20]);
const list = entitySensor([10, 5]);

/** The first sensor is the goal. */
const withGoal = ([first, ...others]: readonly ObservationSpec[]) => [
  { ...first, observationType: "goal" as const },
  ...others,
];

const kinds = [
  { kind: "one discrete action", branches: 1 },
  { kind: "one continuous action", continuousSize: 1 },
] as const;

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

const entities: readonly Acceptance[] = kinds.flatMap((
  { kind, ...actions },
) =>
  [
    { what: "a list", sensors: [list] },
    { what: "two lists", sensors: [list, list] },
    { what: "a vector and a list", sensors: [vectorSensor(1), list] },
    {
      what: "a vector, a camera and two lists",
      sensors: [vectorSensor(1), camera, list, list],
    },
  ].map(({ what, sensors }) => ({
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

for (const acceptance of [...images, ...entities, ...encoders]) {
  const { maxSteps = 3000, threshold = 0.9 } = acceptance;
  const { network = { hidden_units: 32, num_layers: 1 } } = acceptance;
  for (const seed of seeds) {
    Deno.test(`${acceptance.name}: seed ${seed}`, async () => {
      const environment = new LineGame({ ...acceptance, seed });
      const settings = settingsOf({
        Line: {
          hyperparameters: {
            batch_size: 16,
            buffer_size: 64,
            learning_rate: 3e-4,
            shared_critic: acceptance.sharedCritic ?? false,
            learning_rate_schedule: "constant",
            beta_schedule: "linear",
            epsilon_schedule: "linear",
          },
          network_settings: network,
          max_steps: maxSteps,
          summary_freq: 500,
        },
      });
      await trainHere({ environment, settings, seed });
      const rewards = environment.finalRewards("Line?team=0").slice(-5);
      const mean = meanOf(rewards);
      console.log(`mean of the last 5 rewards: ${mean.toFixed(3)}`);
      assert.equal(rewards.length, 5);
      assert(mean > threshold, `${mean} is not above ${threshold}`);
    });
  }
}

/**
 * The reference's acceptance tests SAC-1 to SAC-5, HYB-4 and HYB-5 (algorithms,
 * 10): the line game through vectors, images and entities.
 */
import type { ObservationSpec } from "../../lib/spec.ts";
import type { Behaviors } from "../support/train_here.ts";
import { LineGame } from "../support/line_game.ts";
import { visualSensor } from "../support/sensors.ts";
import { accept } from "./accept.ts";
import { camera, continuous, discrete, list } from "./line_game_kinds.ts";

interface Acceptance {
  readonly name: string;
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly stepSize?: number;
  readonly observationSpecs?: readonly ObservationSpec[];
  readonly network?: Network;
  readonly batchSize?: number;
  readonly bufferSize?: number;
  readonly initSteps?: number;
  readonly learningRate?: number;
  readonly maxSteps?: number;
  readonly threshold?: number;
  readonly onlyFull?: boolean;
}

type Network = NonNullable<Behaviors[string]["network_settings"]>;

const first: readonly Acceptance[] = [discrete, continuous].map((
  { kind, ...actions },
) => ({ name: `SAC-1, ${kind}`, ...actions }));

const second: readonly Acceptance[] = [
  { name: "SAC-2, two discrete actions", branches: 2 },
  { name: "SAC-2, two continuous actions", continuousSize: 2 },
].map((each) => ({
  ...each,
  stepSize: 0.8,
  initSteps: 2000,
  maxSteps: 3000,
  threshold: 0.8,
}));

const sensors: readonly Acceptance[] = [discrete, continuous].flatMap((
  { kind, ...actions },
) =>
  [
    { test: "SAC-3, a camera", observationSpecs: [camera] },
    { test: "SAC-3, two cameras", observationSpecs: [camera, camera] },
    { test: "SAC-4, a list", observationSpecs: [list] },
    { test: "SAC-4, two lists", observationSpecs: [list, list] },
  ].map(({ test, observationSpecs }) => ({
    name: `${test}, ${kind}`,
    observationSpecs,
    onlyFull: observationSpecs.length > 1 || kind === continuous.kind,
    batchSize: 16,
    learningRate: 3e-4,
    ...actions,
  }))
);

const encoders: readonly Acceptance[] = ([
  { encoder: "resnet", image: visualSensor([3, 36, 36]) },
  { encoder: "nature_cnn", image: visualSensor([3, 36, 36]) },
  { encoder: "match3", image: visualSensor([5, 5, 5]) },
] as const).map(({ encoder, image }) => ({
  name: `SAC-5, ${encoder}`,
  onlyFull: encoder === "resnet",
  observationSpecs: [image],
  branches: 1,
  stepSize: 0.5,
  network: { hidden_units: 16, num_layers: 1, vis_encode_type: encoder },
  batchSize: 16,
  learningRate: 3e-4,
  initSteps: 0,
  maxSteps: 100,
  threshold: 0.5,
}));

const hybrids: readonly Acceptance[] = [1, 2].flatMap((continuousSize) =>
  [1, 2].map((branches) => ({
    name: `HYB-4, ${continuousSize} continuous, ${branches} discrete`,
    // HYB-6 is always played.
    onlyFull: true,
    continuousSize,
    branches,
    stepSize: 0.8,
    batchSize: 256,
    bufferSize: 50_000,
    initSteps: 0,
    maxSteps: 10_000,
  }))
);

const seeing: readonly Acceptance[] = [
  { test: "HYB-5, a camera", observationSpecs: [camera] },
  { test: "HYB-5, two cameras", observationSpecs: [camera, camera] },
].map(({ test, observationSpecs }) => ({
  name: `${test}, one action of each kind`,
  observationSpecs,
  onlyFull: true,
  continuousSize: 1,
  branches: 1,
  batchSize: 128,
  bufferSize: 50_000,
  learningRate: 3e-4,
  maxSteps: 3000,
}));

for (
  const acceptance of [
    ...first,
    ...second,
    ...sensors,
    ...encoders,
    ...hybrids,
    ...seeing,
  ]
) {
  const { batchSize = 8, bufferSize = 5000, initSteps = 100 } = acceptance;
  const { learningRate = 5e-3, maxSteps = 1000 } = acceptance;
  const { threshold = 0.9, onlyFull = false } = acceptance;
  const { network = { hidden_units: 16, num_layers: 1 } } = acceptance;
  accept({
    name: acceptance.name,
    game: (seed) => new LineGame({ ...acceptance, seed }),
    behavior: {
      trainer_type: "sac",
      hyperparameters: {
        batch_size: batchSize,
        buffer_size: bufferSize,
        buffer_init_steps: initSteps,
        learning_rate: learningRate,
        tau: 0.01,
        init_entcoef: 0.01,
      },
      network_settings: network,
      max_steps: maxSteps,
      summary_freq: 100,
    },
    threshold,
    onlyFull,
  });
}

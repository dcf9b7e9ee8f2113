/**
 * The reference's acceptance tests PPO-1, PPO-2 and HYB-1 (algorithms, 10): the
 * line game seen through a vector.
 */
import { LineGame } from "../support/line_game.ts";
import { accept } from "./accept.ts";
import { schedules } from "./schedules.ts";

interface Hyperparameters {
  readonly batchSize: number;
  readonly bufferSize: number;
  readonly learningRate: number;
  readonly maxSteps: number;
}

interface Actions {
  readonly continuousSize?: number;
  readonly branches?: number;
}

function acceptLineGame(
  name: string,
  actions: Actions,
  stepSize: number,
  hyperparameters: Hyperparameters,
): void {
  const { batchSize, bufferSize, learningRate, maxSteps } = hyperparameters;
  accept({
    name,
    game: (seed) => new LineGame({ ...actions, stepSize, seed }),
    behavior: {
      hyperparameters: {
        batch_size: batchSize,
        buffer_size: bufferSize,
        learning_rate: learningRate,
        ...schedules,
      },
      network_settings: { hidden_units: 32, num_layers: 1 },
      max_steps: maxSteps,
      summary_freq: 500,
    },
  });
}

const first: Hyperparameters = {
  batchSize: 16,
  bufferSize: 64,
  learningRate: 5e-3,
  maxSteps: 3000,
};
const second: Hyperparameters = {
  batchSize: 64,
  bufferSize: 640,
  learningRate: 5e-3,
  maxSteps: 10_000,
};
const hybrid: Hyperparameters = {
  batchSize: 64,
  bufferSize: 1024,
  learningRate: 1e-3,
  maxSteps: 20_000,
};

acceptLineGame(
  "PPO-1, one continuous action",
  { continuousSize: 1 },
  0.2,
  first,
);
acceptLineGame("PPO-1, one discrete action", { branches: 1 }, 0.2, first);
acceptLineGame(
  "PPO-2, two continuous actions",
  { continuousSize: 2 },
  0.8,
  second,
);
acceptLineGame("PPO-2, two discrete actions", { branches: 2 }, 0.8, second);
for (const continuousSize of [1, 2]) {
  for (const branches of [1, 2]) {
    acceptLineGame(
      `HYB-1, ${continuousSize} continuous, ${branches} discrete`,
      { continuousSize, branches },
      0.8,
      hybrid,
    );
  }
}

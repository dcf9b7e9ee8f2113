/**
 * The reference's acceptance tests PPO-6 and HYB-3 (algorithms, 10), and PPO-6
 * with one memory for actor and critic.
 */
import type { Behaviors } from "../support/train_here.ts";
import { LineGame } from "../support/line_game.ts";
import { accept } from "./accept.ts";
import { schedules } from "./schedules.ts";

interface Acceptance {
  readonly name: string;
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly stepSize?: number;
  readonly bufferSize: number;
  readonly maxSteps: number;
  readonly sharedCritic?: boolean;
}

const sixth = { bufferSize: 128, maxSteps: 6000 };

const acceptances: readonly Acceptance[] = [
  { ...sixth, name: "PPO-6, one discrete action", branches: 1 },
  { ...sixth, name: "PPO-6, one continuous action", continuousSize: 1 },
  {
    ...sixth,
    name: "PPO-6, one discrete action, shared critic",
    branches: 1,
    sharedCritic: true,
  },
  {
    name: "HYB-3, one action of each kind",
    continuousSize: 1,
    branches: 1,
    stepSize: 0.5,
    bufferSize: 512,
    maxSteps: 5000,
  },
];

const behavior = (acceptance: Acceptance): Behaviors[string] => ({
  hyperparameters: {
    batch_size: 64,
    buffer_size: acceptance.bufferSize,
    learning_rate: 1e-3,
    shared_critic: acceptance.sharedCritic ?? false,
    ...schedules,
  },
  network_settings: {
    hidden_units: 32,
    num_layers: 1,
    memory: { memory_size: 16 },
  },
  max_steps: acceptance.maxSteps,
  summary_freq: 500,
});

for (const acceptance of acceptances) {
  accept({
    name: acceptance.name,
    game: (seed) => new LineGame({ ...acceptance, hidesGoal: true, seed }),
    behavior: behavior(acceptance),
  });
}

/**
 * The reference's acceptance tests PPO-6 and HYB-3 (algorithms, 10), and PPO-6
 * with one memory for actor and critic.
 */
import assert from "node:assert/strict";
import type { Behaviors } from "../support/train_here.ts";
import { LineGame } from "../support/line_game.ts";
import { meanOf } from "../support/play_episodes.ts";
import { settingsOf, trainHere } from "../support/train_here.ts";
import { seeds } from "./seeds.ts";

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
    learning_rate_schedule: "constant",
    beta_schedule: "linear",
    epsilon_schedule: "linear",
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
  for (const seed of seeds) {
    Deno.test(`${acceptance.name}: seed ${seed}`, async () => {
      const environment = new LineGame({
        ...acceptance,
        hidesGoal: true,
        seed,
      });
      const settings = settingsOf({ Line: behavior(acceptance) });
      await trainHere({ environment, settings, seed });
      const rewards = environment.finalRewards("Line?team=0").slice(-5);
      const mean = meanOf(rewards);
      console.log(`mean of the last 5 rewards: ${mean.toFixed(3)}`);
      assert.equal(rewards.length, 5);
      assert(mean > 0.9, `${mean} is not above 0.9`);
    });
  }
}

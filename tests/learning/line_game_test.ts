/** The reference's acceptance tests PPO-1 and PPO-2 (algorithms, 10). */
import assert from "node:assert/strict";
import type { RunSettings } from "../../lib/settings/run_settings.ts";
import { LineGame } from "../support/line_game.ts";
import { meanOf } from "../support/play_episodes.ts";
import { settingsOf, trainHere } from "../support/train_here.ts";
import { seeds } from "./seeds.ts";

interface Acceptance {
  readonly name: string;
  readonly continuousSize?: number;
  readonly branches?: number;
  readonly stepSize?: number;
  readonly batchSize: number;
  readonly bufferSize: number;
  readonly maxSteps: number;
}

const first = { batchSize: 16, bufferSize: 64, maxSteps: 3000 };
const second = {
  stepSize: 0.8,
  batchSize: 64,
  bufferSize: 640,
  maxSteps: 10_000,
};

const acceptances: readonly Acceptance[] = [
  { ...first, name: "PPO-1, one continuous action", continuousSize: 1 },
  { ...first, name: "PPO-1, one discrete action", branches: 1 },
  { ...second, name: "PPO-2, two continuous actions", continuousSize: 2 },
  { ...second, name: "PPO-2, two discrete actions", branches: 2 },
];

function settingsFor(acceptance: Acceptance): RunSettings {
  return settingsOf({
    Line: {
      hyperparameters: {
        batch_size: acceptance.batchSize,
        buffer_size: acceptance.bufferSize,
        learning_rate: 5e-3,
        learning_rate_schedule: "constant",
        beta_schedule: "linear",
        epsilon_schedule: "linear",
      },
      network_settings: { hidden_units: 32, num_layers: 1 },
      max_steps: acceptance.maxSteps,
      summary_freq: 500,
    },
  });
}

for (const acceptance of acceptances) {
  for (const seed of seeds) {
    Deno.test(`${acceptance.name}: seed ${seed}`, async () => {
      const environment = new LineGame({ ...acceptance, seed });
      const settings = settingsFor(acceptance);
      await trainHere({ environment, settings, seed });
      const rewards = environment.finalRewards("Line?team=0").slice(-5);
      const mean = meanOf(rewards);
      console.log(`mean of the last 5 rewards: ${mean.toFixed(3)}`);
      assert.equal(rewards.length, 5);
      assert(mean > 0.9, `${mean} is not above 0.9`);
    });
  }
}

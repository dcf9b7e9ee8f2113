/**
 * Watches a run while it goes on, and stops it at a goal of its own:
 *
 *   deno run -A examples/02_watch_events.ts
 */
import { train } from "../mod.ts";

const goal = 0.5;

const run = train({
  behaviors: {
    Basic: {
      trainer_type: "ppo",
      hyperparameters: { batch_size: 32, buffer_size: 256 },
      network_settings: { hidden_units: 20, num_layers: 1 },
      reward_signals: { extrinsic: { gamma: 0.9 } },
      max_steps: 20_000,
      time_horizon: 3,
      summary_freq: 1_000,
    },
  },
})
  .env("sim:Basic")
  .seed(1)
  .runId("example_02")
  .force()
  .run();

for await (const event of run) {
  if (event.type !== "summary") continue;
  const reward = event.meanReward ?? NaN; // no episode ended
  console.log(`step ${event.step}: mean reward ${reward.toFixed(2)}`);
  // Whatever was learned is saved, and the run can be resumed.
  if (reward > goal) run.stop();
}

const { reason, elapsedSeconds } = await run;
console.log(`${reason} after ${elapsedSeconds.toFixed(1)} s`);

/**
 * Trains for a short while and says where the model is:
 *
 *   deno run -A examples/01_train_3dball.ts
 */
import { train } from "../mod.ts";

const result = await train({
  behaviors: {
    "3DBall": {
      trainer_type: "ppo",
      hyperparameters: { batch_size: 64, buffer_size: 4000, lambd: 0.99 },
      network_settings: { normalize: true, hidden_units: 64, num_layers: 2 },
      max_steps: 20_000,
      summary_freq: 4_000,
    },
  },
})
  .env("sim:3DBall")
  .seed(1)
  .runId("example_01")
  .force() // replaces what an earlier start of this example left
  .run();

for (const [behavior, model] of Object.entries(result.models)) {
  console.log(`${behavior}: ${result.steps[behavior]} steps, model ${model}`);
}

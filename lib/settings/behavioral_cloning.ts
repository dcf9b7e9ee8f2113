/** `behavioral_cloning` of a behavior: imitation beside the trainer. */
import { demonstrationPath } from "./reward_signals.ts";
import { count, real, section } from "./values.ts";

/** User form and resolved form, but for `batch_size` (see the behavior). */
export const behavioralCloning = section({
  demo_path: demonstrationPath.describe("A .demo file, or a folder of them."),
  steps: count({ min: 0, unit: "steps" }).default(0)
    .describe("The learning rate falls to nothing over these; 0 = it stays."),
  strength: real({ min: 0 }).default(1)
    .describe("Learning rate as a factor of the trainer's."),
  samples_per_update: count({ min: 0, unit: "experiences" }).default(0)
    .describe("Experiences per update; 0 = all demonstrations."),
  num_epoch: count({ min: 1, unit: "passes" }).nullable().default(null)
    .transform((passes) => passes ?? 3)
    .describe("Passes per update; null means 3, whatever the trainer makes."),
  batch_size: count({ min: 1, unit: "experiences" }).nullable().default(null)
    .describe("Minibatch; null means the trainer's batch_size."),
});

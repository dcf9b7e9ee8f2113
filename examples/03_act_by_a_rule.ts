/**
 * Plays a simulator without learning, by a rule written by hand. Observations
 * and actions are columns: all agents of a step side by side in one array.
 *
 *   deno run -A examples/03_act_by_a_rule.ts
 */
import { createSimulator } from "../mod.ts";

const behavior = "3DBall?team=0";
const environment = createSimulator("3DBall", { seed: 1 });
await environment.reset();

let reward = 0;
let episodes = 0;
for (let step = 0; step < 1000; step++) {
  const { decision, terminal } = environment.getSteps(behavior);
  for (let i = 0; i < decision.count; i++) reward += decision.rewards[i];
  for (let i = 0; i < terminal.count; i++) reward += terminal.rewards[i];
  episodes += terminal.count;

  // Two tilts of the box, then the ball's place and its velocity (x, y, z).
  const [columns] = decision.observations;
  const continuous = new Float32Array(decision.count * 2);
  for (let i = 0; i < decision.count; i++) {
    const [tiltZ, tiltX, x, , z, speedX, , speedZ] = columns.subarray(i * 8);
    // Lean against where the ball is and where it goes.
    continuous[i * 2] = 0.2 * x + 0.3 * speedX - 2 * tiltZ;
    continuous[i * 2 + 1] = -0.2 * z - 0.3 * speedZ - 2 * tiltX;
  }
  environment.setActions(behavior, { continuous, discrete: new Int32Array() });
  await environment.step();
}
await environment.close();
console.log(`${episodes} episodes ended, reward ${reward.toFixed(1)} in all`);

/**
 * Plays an environment at random, step by step: where an algorithm of your own
 * begins. A Unity game does instead of the simulator:
 *
 *   UnityEnvironment.start({ executable: "builds/MyGame.x86_64" })
 *
 *   deno run -A examples/05_low_level.ts
 */
import { createSimulator, randomActions, RandomGenerator } from "../mod.ts";

const random = new RandomGenerator(1);
await using environment = createSimulator("3DBall", { seed: 1 });
await environment.reset();

let episodes = 0;
let reward = 0;
for (let step = 0; step < 1000; step++) {
  for (const [behavior, { actionSpec }] of environment.behaviorSpecs) {
    // Who waits for an action, and whose episode has just ended.
    const { decision, terminal } = environment.getSteps(behavior);
    for (let i = 0; i < decision.count; i++) reward += decision.rewards[i];
    for (let i = 0; i < terminal.count; i++) reward += terminal.rewards[i];
    episodes += terminal.count;
    const actions = randomActions(actionSpec, decision, random);
    environment.setActions(behavior, actions);
  }
  await environment.step();
}
console.log(`${episodes} episodes, ${(reward / episodes).toFixed(2)} each`);

/**
 * Q-learning (Watkins 1989) in a few lines, over the methods of Gymnasium: an
 * agent on a line finds out that the goal farther away is worth the walk.
 *
 *   deno run -A examples/06_gymnasium.ts
 */
import { createSimulator, GymnasiumWrapper } from "../mod.ts";

const discount = 0.99;
const learningRate = 0.5;

await using basic = await GymnasiumWrapper.wrap(createSimulator("Basic"));

// What each action is worth at each position: too much, until it was tried.
const values = Array.from({ length: 20 }, () => [2, 2, 2]);

for (let episode = 1; episode <= 50; episode++) {
  const [start] = await basic.reset();
  let position = start.indexOf(1); // one number for each position
  let total = 0;
  let isOver = false;
  while (!isOver) {
    const action = values[position].indexOf(Math.max(...values[position]));
    const [next, reward, terminated, truncated] = await basic.step(action);
    const following = next.indexOf(1);
    const future = terminated ? 0 : Math.max(...values[following]);
    const error = reward + discount * future - values[position][action];
    values[position][action] += learningRate * error;
    position = following;
    total += reward;
    isOver = terminated || truncated;
  }
  if (episode % 10 === 0) {
    console.log(`episode ${episode}: reward ${total.toFixed(2)}`);
  }
}

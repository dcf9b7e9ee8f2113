/** One decision of all agents, 5 physics steps: 100,000 agents a second. */
import { DungeonEscape } from "../../../lib/env/sims/dungeon_escape.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

const behavior = "DungeonEscape?team=0";

for (const areas of [1, 12, 120]) {
  const environment = new DungeonEscape({ areas, seed: 1 });
  const { decision } = environment.getSteps(behavior);
  const random = new RandomGenerator(1, "actions");
  environment.reset();
  Deno.bench(`DungeonEscape: one decision of ${areas} x 3 agents`, () => {
    const discrete = new Int32Array(decision.count);
    for (let i = 0; i < discrete.length; i++) discrete[i] = random.integer(7);
    const continuous = new Float32Array();
    environment.setActions(behavior, { continuous, discrete });
    do environment.step(); while (decision.count === 0);
  });
}

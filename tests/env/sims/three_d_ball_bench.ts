/** One decision of 12 agents, 60 physics steps: about 40 microseconds or less. */
import { ThreeDBall } from "../../../lib/env/sims/three_d_ball.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

for (const areas of [12, 120, 1200]) {
  const environment = new ThreeDBall({ areas, seed: 1 });
  const { decision } = environment.getSteps("3DBall?team=0");
  const random = new RandomGenerator(1, "actions");
  const actions = {
    continuous: new Float32Array(areas * 2),
    discrete: new Int32Array(0),
  };
  environment.reset();
  Deno.bench(`3DBall: one decision of ${areas} agents`, () => {
    for (let i = 0; i < areas * 2; i++) {
      actions.continuous[i] = random.between(-0.1, 0.1);
    }
    environment.setActions("3DBall?team=0", actions);
    do environment.step(); while (decision.count === 0);
  });
}

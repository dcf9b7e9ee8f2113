import assert from "node:assert/strict";
import { CubeAgents } from "../../../../lib/env/sims/planar/cube_agents.ts";
import {
  carryOutPushAction,
  pushActions,
} from "../../../../lib/env/sims/planar/push_action.ts";

Deno.test("seven actions: nothing, both ways, both turns, both sides", () => {
  const effects = Array.from({ length: pushActions }, (_, choice) => {
    const agents = new CubeAgents(1, 4);
    agents.place(0, 0, 0, 0.5, 0);
    carryOutPushAction(agents, 0, choice);
    return [agents.velocityX[0], agents.velocityZ[0], agents.yaw[0]];
  });
  assert.deepEqual(effects.map((each) => each.map((value) => value + 0)), [
    [0, 0, 0],
    [0, 3, 0],
    [0, -3, 0],
    [0, 0, 4],
    [0, 0, -4],
    [-2.25, 0, 0],
    [2.25, 0, 0],
  ]);
});

/** Unity's own trained model plays the simulator as it plays Unity's scene. */
import assert from "node:assert/strict";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { ThreeDBall } from "../../../lib/env/sims/three_d_ball.ts";
import { testWithSharedData } from "../../support/shared_data.ts";

const behavior = "3DBall?team=0";
const episodes = 100;

testWithSharedData(
  `Unity's model keeps the ball up in ${episodes} episodes`,
  "onnx/3DBall.onnx",
  async (model) => {
    const session = await InferenceSession.create(model, {
      intraOpNumThreads: 1,
    });
    // One episode in each area: the first to end would be the worst ones.
    const environment = new ThreeDBall({ areas: episodes, seed: 1 });
    const { decision, terminal } = environment.getSteps(behavior);
    const returns = new Float64Array(episodes);
    const hasEnded = new Uint8Array(episodes);
    environment.reset();
    while (hasEnded.includes(0)) {
      if (decision.count > 0) {
        const shape = [decision.count, 8];
        const values = decision.observations[0].slice(0, decision.count * 8);
        const { deterministic_continuous_actions } = await session.run({
          obs_0: new Tensor("float32", values, shape),
        });
        const continuous = deterministic_continuous_actions.data;
        assert(continuous instanceof Float32Array);
        const discrete = new Int32Array();
        environment.setActions(behavior, { continuous, discrete });
      }
      environment.step();
      for (let row = 0; row < terminal.count; row++) {
        const area = terminal.agentIds[row];
        if (!hasEnded[area]) returns[area] += terminal.rewards[row];
        hasEnded[area] = 1;
      }
      for (let row = 0; row < decision.count; row++) {
        const area = decision.agentIds[row];
        if (!hasEnded[area]) returns[area] += decision.rewards[row];
      }
    }
    const mean = returns.reduce((sum, value) => sum + value) / episodes;
    console.log(`mean return ${mean}, lowest ${Math.min(...returns)}`);
    assert(mean >= 99.5);
    await session.release();
  },
);

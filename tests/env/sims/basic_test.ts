import assert from "node:assert/strict";
import { Basic } from "../../../lib/env/sims/basic.ts";
import { environmentConformance } from "../../conformance/environment_conformance.ts";

const behavior = "Basic?team=0";

environmentConformance("Basic", (seed) => new Basic({ seed, areas: 3 }));

/** Plays actions and lists positions, rewards and ends. */
function play(actions: number[]) {
  const environment = new Basic({ seed: 1 });
  const { decision, terminal } = environment.getSteps(behavior);
  environment.reset();
  let episodeReturn = 0;
  const positions = [decision.observations[0].indexOf(1)];
  for (const action of actions) {
    environment.setActions(behavior, {
      continuous: new Float32Array(),
      discrete: Int32Array.of(action),
    });
    environment.step();
    assert.equal(decision.count, 1);
    const ended = terminal.count === 1;
    const columns = ended ? terminal : decision;
    const sum = columns.observations[0].reduce((a, b) => a + b);
    assert.equal(sum, 1, "one-hot");
    positions.push(columns.observations[0].indexOf(1));
    episodeReturn += columns.rewards[0];
    if (!ended) continue;
    assert.equal(terminal.interrupted[0], 0);
    assert.equal(decision.observations[0].indexOf(1), 10);
    assert.equal(decision.rewards[0], 0);
  }
  return { positions, episodeReturn: Number(episodeReturn.toFixed(5)) };
}

Deno.test("seven moves to the right reach the large goal: 0.93", () => {
  assert.deepEqual(play([2, 2, 2, 2, 2, 2, 2]), {
    positions: [10, 11, 12, 13, 14, 15, 16, 17],
    episodeReturn: 0.93,
  });
});

Deno.test("three moves to the left reach the small goal: 0.07", () => {
  assert.deepEqual(play([1, 1, 1]), {
    positions: [10, 9, 8, 7],
    episodeReturn: 0.07,
  });
});

Deno.test("staying costs 0.01", () => {
  assert.deepEqual(play([0, 1, 0]), {
    positions: [10, 10, 9, 9],
    episodeReturn: -0.03,
  });
});

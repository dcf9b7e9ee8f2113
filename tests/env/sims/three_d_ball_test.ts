import assert from "node:assert/strict";
import { ThreeDBall } from "../../../lib/env/sims/three_d_ball.ts";
import type { NamedArrays } from "../../../lib/util/arrays.ts";
import { environmentConformance } from "../../conformance/environment_conformance.ts";

const behavior = "3DBall?team=0";

environmentConformance("3DBall", (seed) => new ThreeDBall({ seed }));

/** One step with the same action for all agents that decide. */
function step(environment: ThreeDBall, action = [0, 0]): void {
  const { count } = environment.getSteps(behavior).decision;
  environment.setActions(behavior, {
    continuous: Float32Array.from(
      { length: count * 2 },
      (_, i) => action[i % 2],
    ),
    discrete: new Int32Array(),
  });
  environment.step();
}

/** One number of each agent's latest observation. */
function observed(environment: ThreeDBall, index: number): number[] {
  const { count, observations } = environment.getSteps(behavior).decision;
  return Array.from(
    { length: count },
    (_, row) => observations[0][row * 8 + index],
  );
}

function close(actual: number, expected: number, tolerance = 1e-6): void {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not within ${tolerance} of ${expected}`,
  );
}

Deno.test("episodes begin as in Unity's scene", () => {
  const environment = new ThreeDBall({ seed: 3, areas: 2000 });
  environment.reset();
  // Half the angle of 10 degrees; the two turns differ only in order.
  const halfTurn = Math.sin(Math.PI / 36);
  const bounds = [halfTurn, halfTurn, 1.5, 0, 1.5];
  for (const [index, bound] of bounds.entries()) {
    const centre = index === 3 ? 4 : 0;
    const values = observed(environment, index).map((value) => value - centre);
    assert(Math.max(...values) <= bound && Math.min(...values) >= -bound);
    // Uniform: a standard deviation of bound / sqrt 3, known to 3 %.
    const variance = values.reduce((sum, v) => sum + v * v) / values.length;
    close(Math.sqrt(variance * 3), bound, 0.05 * bound);
  }
  for (let index = 5; index < 8; index++) {
    assert(observed(environment, index).every((value) => value === 0));
  }
});

Deno.test("an action of 1 turns by 10 degrees in a decision, up to the limit", () => {
  const environment = new ThreeDBall({
    seed: 1,
    areas: 1,
    parameters: { gravity: 0 },
  });
  environment.reset();
  environment.restore(level(environment));
  step(environment, [1, 0]);
  close(observed(environment, 0)[0], Math.sin(Math.PI / 36));
  // Actions beyond 1 count as 1; the sides are turned one after the other.
  environment.restore(level(environment));
  step(environment, [0, -7]);
  close(observed(environment, 1)[0], -Math.sin(Math.PI / 36));
  // The last turn begins below 0.25, so it ends at 30 degrees: sin 15.
  environment.restore(level(environment));
  for (let i = 0; i < 5; i++) step(environment, [1, 0]);
  close(observed(environment, 0)[0], Math.sin(Math.PI / 12));
  step(environment, [-1, 0]);
  close(observed(environment, 0)[0], Math.sin(Math.PI / 18));
});

Deno.test("a ball that stays earns 100 and is interrupted", () => {
  const environment = new ThreeDBall({
    seed: 1,
    areas: 2,
    parameters: { gravity: 0 },
  });
  environment.reset();
  const { decision, terminal } = environment.getSteps(behavior);
  let decisions = 1, sum = 0;
  for (; terminal.count === 0; decisions += decision.count / 2) {
    step(environment);
    sum += (terminal.count ? terminal : decision).rewards[0];
  }
  // The end's message already holds the next episode's first decision.
  assert.equal(decisions - 1, 1000);
  assert.deepEqual([...terminal.interrupted.subarray(0, 2)], [1, 1]);
  close(sum, 100, 1e-5);
});

Deno.test("a lost ball costs 1 and the next one is dropped at once", () => {
  const environment = new ThreeDBall({ seed: 5, areas: 1 });
  environment.reset();
  const { decision, terminal } = environment.getSteps(behavior);
  const waits = new Set<number>();
  for (let episode = 0; episode < 40; episode++) {
    do step(environment, [0.3, 0.3]); while (terminal.count === 0);
    assert.equal(terminal.rewards[0], -1);
    assert.equal(terminal.interrupted[0], 0);
    const [last] = terminal.observations;
    assert(
      last[3] < -2 || Math.abs(last[2]) > 3 || Math.abs(last[4]) > 3,
      "the last observation is the lost ball",
    );
    const isTogether = decision.count === 1;
    if (!isTogether) step(environment);
    // Physics steps of free fall from 4 m until the first decision.
    const wait = Math.round(decision.observations[0][6] / (-9.81 * 0.02));
    waits.add(wait);
    assert.equal(isTogether, wait === 1);
    close(
      decision.observations[0][3],
      4 - 9.81 * 0.0004 * wait * (wait + 1) / 2,
    );
    close(decision.rewards[0], wait === 1 ? 0 : 0.1);
  }
  assert.deepEqual([...waits].sort(), [1, 2, 3, 4, 5]);
});

Deno.test("scale changes the ball, mass does not matter", () => {
  const changes: Record<string, number>[] = [{}, { mass: 7 }, { scale: 2 }];
  const heights = changes.map((parameters) => {
    const environment = new ThreeDBall({ seed: 1, areas: 1, parameters });
    environment.reset();
    environment.restore(level(environment));
    for (let i = 0; i < 30; i++) step(environment);
    return observed(environment, 3)[0];
  });
  close(heights[0], 3, 0.005);
  assert.equal(heights[1], heights[0]);
  close(heights[2], 3.5, 0.005);
});

Deno.test("parameters are read for each area when its episode begins", () => {
  const environment = new ThreeDBall({ seed: 1, areas: 50 });
  environment.reset();
  const gravity = { kind: "uniform", min: 5, max: 15, seed: 3 } as const;
  environment.setParameters({ gravity });
  step(environment);
  assert(observed(environment, 6).every((v) => Math.abs(v + 0.981) < 1e-6));
  environment.reset();
  step(environment);
  const gravities = observed(environment, 6).map((speed) => speed / -0.1);
  assert(gravities.every((g) => g >= 5 && g < 15));
  assert.equal(new Set(gravities).size, 50);
});

/** The state with a level box and the ball above its centre. */
function level(environment: ThreeDBall): NamedArrays {
  return {
    ...environment.snapshot(),
    rotations: { data: Float64Array.of(0, 0, 0, 1), shape: [4] },
    positions: { data: Float64Array.of(0, 4, 0), shape: [3] },
  };
}

import assert from "node:assert/strict";
import { vectorObservation } from "../../lib/spec.ts";
import { environmentConformance } from "../conformance/environment_conformance.ts";
import { LineGame } from "./line_game.ts";

environmentConformance("Line game", (seed) =>
  new LineGame({
    seed,
    continuousSize: 1,
    branches: 1,
    stepSize: 0.8,
    observationSpecs: [vectorObservation(1), vectorObservation(3)],
    behaviors: ["A?team=0", "A?team=1"],
  }));

const behavior = "Line?team=0";

/** Plays `count` episodes perfectly and returns their rewards. */
function solve(game: LineGame, count: number): readonly number[] {
  const [spec] = game.behaviorSpecs.values();
  const { continuousSize, discreteBranches } = spec.actionSpec;
  game.reset();
  while (game.finalRewards(behavior).length < count) {
    const [goal] = game.getSteps(behavior).decision.observations[0];
    game.setActions(behavior, {
      continuous: new Float32Array(continuousSize).fill(goal),
      discrete: new Int32Array(discreteBranches.length).fill((goal + 1) / 2),
    });
    game.step();
  }
  return game.finalRewards(behavior);
}

Deno.test("perfect play earns the best reward of each step size", () => {
  for (const [stepSize, best] of [[0.2, 1.02], [0.3, 1.03], [0.5, 1.05]]) {
    for (const [continuousSize, branches] of [[1, 0], [0, 1], [2, 2]]) {
      const game = new LineGame({
        seed: 1,
        stepSize,
        continuousSize,
        branches,
      });
      for (const reward of solve(game, 10)) {
        assert(Math.abs(reward - best) < 1e-9);
      }
    }
  }
});

Deno.test("an end gives the old goal, then a new agent without reward", () => {
  const game = new LineGame({ seed: 3, continuousSize: 1, stepSize: 0.5 });
  const { decision, terminal } = game.getSteps(behavior);
  const goals = new Set<number>();
  game.reset();
  for (let episode = 0; episode < 20; episode++) {
    const [goal] = decision.observations[0];
    goals.add(goal);
    const [agent] = decision.agentIds;
    assert.equal(agent, episode);
    assert.equal(decision.rewards[0], 0);
    const action = () =>
      game.setActions(behavior, {
        continuous: Float32Array.of(1),
        discrete: new Int32Array(),
      });
    action();
    game.step();
    assert.equal(terminal.count, 0);
    assert.equal(decision.agentIds[0], agent);
    assert.equal(decision.rewards[0], Math.fround(-0.01));
    action();
    game.step();
    assert.deepEqual(
      [terminal.count, terminal.agentIds[0], terminal.interrupted[0]],
      [1, agent, 0],
    );
    assert.equal(terminal.observations[0][0], goal);
    assert.equal(terminal.rewards[0], Math.fround(1.06 * goal));
  }
  assert.deepEqual([...goals].sort(), [-1, 1]);
  const rewards = game.finalRewards(behavior);
  assert(
    rewards.every((r) => [1.05, -1.07].some((v) => Math.abs(r - v) < 1e-9)),
  );
});

Deno.test("the memory game shows its goal before the third move only", () => {
  // As many observations with one position, two with two.
  for (const [continuousSize, branches, sights] of [[1, 0, 3], [1, 1, 2]]) {
    const game = new LineGame({
      seed: 1,
      continuousSize,
      branches,
      hidesGoal: true,
    });
    const { decision } = game.getSteps(behavior);
    game.reset();
    for (let episode = 0; episode < 3; episode++) {
      const [goal] = decision.observations[0];
      assert.equal(Math.abs(goal), 1);
      for (let step = 0; step < 5; step++) {
        const seen = decision.observations[0][0];
        assert.equal(seen, step < sights ? goal : 0, `step ${step}`);
        game.setActions(behavior, {
          continuous: new Float32Array(continuousSize).fill(goal),
          discrete: new Int32Array(branches).fill((goal + 1) / 2),
        });
        game.step();
      }
    }
  }
});

environmentConformance("Group line game", (seed) =>
  new LineGame({
    seed,
    members: 3,
    continuousSize: 1,
    branches: 1,
    observationSpecs: [vectorObservation(1), vectorObservation(3)],
  }));

Deno.test("a group is rewarded once, when its last member ends", () => {
  const game = new LineGame({ seed: 1, members: 2, continuousSize: 1 });
  const { decision, terminal } = game.getSteps(behavior);
  game.reset();
  const goal = decision.observations[0][0];
  assert.equal(decision.observations[0][1], goal);
  assert.deepEqual([...decision.agentIds.slice(0, 2)], [0, 1]);
  assert.deepEqual([...decision.groupIds.slice(0, 2)], [1, 1]);
  const move = (...continuous: number[]) => {
    game.setActions(behavior, {
      continuous: Float32Array.from(continuous),
      discrete: new Int32Array(),
    });
    game.step();
  };
  for (let step = 1; step < 5; step++) {
    move(goal, -goal / 10);
    assert.deepEqual([...decision.rewards.slice(0, 2)], [
      Math.fround(-0.01),
      Math.fround(-0.01),
    ]);
  }
  // The first is right, and is not praised.
  move(goal, -goal);
  assert.deepEqual([terminal.count, decision.count], [1, 1]);
  assert.equal(terminal.agentIds[0], 0);
  assert.equal(terminal.rewards[0], Math.fround(-0.01));
  assert.equal(terminal.groupRewards[0], 0);
  assert.equal(decision.agentIds[0], 1);
  for (let step = 0; step < 2; step++) move(-goal);
  assert.deepEqual([terminal.count, decision.count], [1, 2]);
  assert.equal(terminal.rewards[0], 0);
  assert.equal(terminal.groupRewards[0], Math.fround(-1.06));
  assert.deepEqual(game.finalRewards(behavior), [1.06, -1.06]);
});

Deno.test("a member that fails first is told so", () => {
  const game = new LineGame({ seed: 1, members: 2, branches: 1 });
  const { decision, terminal } = game.getSteps(behavior);
  game.reset();
  const right = (decision.observations[0][0] + 1) / 2;
  for (let step = 0; step < 5; step++) {
    game.setActions(behavior, {
      continuous: new Float32Array(),
      discrete: Int32Array.of(1 - right, right),
    });
    game.step();
  }
  // Both end at the same time: one after the other all the same.
  assert.deepEqual([...terminal.rewards.slice(0, 2)], [Math.fround(-1.06), 0]);
  assert.deepEqual([...terminal.groupRewards.slice(0, 2)], [
    0,
    Math.fround(1.06),
  ]);
});

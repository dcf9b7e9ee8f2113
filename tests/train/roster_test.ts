import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { PoolMember } from "../../lib/train/pool_member.ts";
import { Roster } from "../../lib/train/roster.ts";
import { IdleTrainer } from "../support/idle_trainer.ts";
import { LineGame } from "../support/line_game.ts";

/** Members that play the line game with the behaviors of each. */
class Scene {
  readonly created: IdleTrainer[] = [];
  readonly members: readonly PoolMember[];
  readonly roster = new Roster((behavior, spec) => {
    const trainer = new IdleTrainer(behavior, spec);
    this.created.push(trainer);
    return Promise.resolve(trainer);
  });

  constructor(...behaviors: string[][]) {
    this.members = behaviors.map((names, workerId) =>
      new PoolMember(workerId, `player ${workerId}`, null, gameOf(names))
    );
  }

  /** Source numbers of what has arrived, by behavior. */
  sources(members: readonly PoolMember[] = this.members) {
    return [...this.roster.sort(members)].map(([trainer, arrivals]) => ({
      behavior: trainer.behavior,
      sources: arrivals.map(({ source }) => source),
    }));
  }
}

function gameOf(behaviors: readonly string[], continuousSize = 1): LineGame {
  const game = new LineGame({ seed: 1, behaviors, continuousSize });
  game.reset();
  return game;
}

Deno.test("players and teams of a behavior share a trainer", async () => {
  const scene = new Scene(["A?team=0", "A?team=1"], ["A?team=0", "B?team=0"]);
  const newcomers = await scene.roster.enlist(scene.members);
  assert.deepEqual(newcomers, scene.created);
  assert.deepEqual(newcomers.map(({ behavior }) => behavior), ["A", "B"]);
  assert.deepEqual([...scene.roster.trainers], scene.created);
  assert.deepEqual(scene.sources(), [
    { behavior: "A", sources: [0, 1, 2] },
    { behavior: "B", sources: [3] },
  ]);
  // In the order in which members are given.
  assert.deepEqual(scene.sources([...scene.members].reverse())[0], {
    behavior: "A",
    sources: [2, 0, 1],
  });
  assert.deepEqual(await scene.roster.enlist(scene.members), []);
});

Deno.test("a behavior that appears late has its own number, others keep theirs", async () => {
  const scene = new Scene(["A"], ["A"]);
  const [first, second] = scene.members;
  await scene.roster.enlist(scene.members);
  second.replace(gameOf(["A", "B"]));
  assert.deepEqual(
    (await scene.roster.enlist([second])).map(({ behavior }) => behavior),
    ["B"],
  );
  first.replace(gameOf(["A", "B"]));
  assert.deepEqual(await scene.roster.enlist([first]), []);
  assert.deepEqual(scene.sources(), [
    { behavior: "A", sources: [0, 1] },
    { behavior: "B", sources: [3, 2] },
  ]);
});

Deno.test("behaviors without records in a round are left out", async () => {
  const scene = new Scene(["A", "B"]);
  await scene.roster.enlist(scene.members);
  const [{ environment }] = scene.members;
  const { decision } = environment.getSteps("A");
  Object.assign(decision, { count: 0 });
  assert.deepEqual(scene.sources(), [{ behavior: "B", sources: [1] }]);
});

Deno.test("actions go to the environment in place at the time", async () => {
  const scene = new Scene(["A"], ["A"]);
  await scene.roster.enlist(scene.members);
  const given: [Environment, string, number][] = [];
  const watch = (game: LineGame) => {
    game.setActions = (name, { continuous }) =>
      void given.push([game, name, continuous[0]]);
    return game;
  };
  const [before, after] = [gameOf(["A"]), gameOf(["A"])].map(watch);
  const [, member] = scene.members;
  const deliver = (value: number) => {
    const continuous = Float32Array.of(value);
    const actions = { continuous, discrete: new Int32Array() };
    scene.roster.deliver({ source: 1, actions });
  };
  member.replace(before);
  deliver(0.25);
  member.replace(after);
  deliver(0.5);
  assert.deepEqual(given, [[before, "A", 0.25], [after, "A", 0.5]]);
});

Deno.test("a member that is lost is forgotten in all its behaviors, and keeps its numbers", async () => {
  const scene = new Scene(["A", "B"], ["A", "B"]);
  await scene.roster.enlist(scene.members);
  const [, second] = scene.members;
  scene.roster.forget(second);
  assert.deepEqual(scene.created.map(({ forgotten }) => forgotten), [[2], [3]]);
  second.replace(gameOf(["B", "A"]));
  assert.deepEqual(await scene.roster.enlist([second]), []);
  assert.deepEqual(scene.sources(), [
    { behavior: "A", sources: [0, 2] },
    { behavior: "B", sources: [1, 3] },
  ]);
});

Deno.test("a behavior that has changed is refused with the difference", async () => {
  const message = "player 1: A?team=1: the behavior is not what it was when " +
    "its training began (found number of continuous actions: 2 instead of 1)";
  const begins = (error: unknown) =>
    error instanceof Error && error.message.startsWith(message);
  // In another team, and after a restart.
  const scene = new Scene(["A?team=0"], ["A?team=1"]);
  const [first, second] = scene.members;
  await scene.roster.enlist([first]);
  second.replace(gameOf(["A?team=1"], 2));
  await assert.rejects(scene.roster.enlist([second]), begins);
  second.replace(gameOf(["A?team=1"]));
  await scene.roster.enlist([second]);
  scene.roster.forget(second);
  second.replace(gameOf(["A?team=1"], 2));
  await assert.rejects(scene.roster.enlist([second]), begins);
});

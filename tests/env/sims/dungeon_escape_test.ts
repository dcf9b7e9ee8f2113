/** Facts: Unity's environments, section 15; rules are tried on set scenes. */
import assert from "node:assert/strict";
import { DungeonEscape } from "../../../lib/env/sims/dungeon_escape.ts";
import {
  distanceToBox,
  turnedBox,
} from "../../../lib/env/sims/planar/turned_box.ts";
import { environmentConformance } from "../../conformance/environment_conformance.ts";
import {
  away,
  behavior,
  deciding,
  ends,
  holding,
  ray,
  settle,
  stage,
  step,
} from "./dungeon_stage.ts";

environmentConformance("DungeonEscape", (seed) => new DungeonEscape({ seed }));

Deno.test("sensors and actions are those of Unity's scene", () => {
  const { behaviorSpecs } = new DungeonEscape({ seed: 1 });
  const spec = behaviorSpecs.get(behavior);
  const sensors = spec?.observationSpecs.map(({ name, shape }) => [
    name,
    ...shape,
  ]);
  assert.deepEqual(sensors, [
    ["RBSensor", 10],
    ["StackingSensor_size3_RayPerceptionSensor", 360],
    ["VectorSensor_size1", 1],
  ]);
  assert.deepEqual(spec?.actionSpec, {
    continuousSize: 0,
    discreteBranches: [7],
  });
});

Deno.test("agents and dragon begin as in Unity's scene", () => {
  const areas = 500;
  const environment = new DungeonEscape({ seed: 2, areas });
  environment.reset();
  const state = environment.snapshot();
  const { agentX, agentZ, agentYaw, dragonX, dragonZ, dragonStride } = state;
  const sides = new Map<string, number>();
  for (let area = 0; area < areas; area++) {
    const side = `${Math.round(Number(dragonX.data[area]))}, ` +
      `${Math.round(Number(dragonZ.data[area]))}`;
    sides.set(side, (sides.get(side) ?? 0) + 1);
    for (let a = 3 * area; a < 3 * area + 3; a++) {
      const x = Number(agentX.data[a]), z = Number(agentZ.data[a]);
      assert(Math.max(Math.abs(x), Math.abs(z)) <= 6.25);
      const square = turnedBox(x, z, 5, 5);
      const isClear = (x: unknown, z: unknown, radius: number) =>
        distanceToBox(square, Number(x), Number(z)) >= radius;
      assert(isClear(dragonX.data[area], dragonZ.data[area], 0.75));
      assert(isClear(Math.sign(x) * 4.5, Math.sign(z) * 4, 0.72));
      for (let b = 3 * area; b < a; b++) {
        assert(isClear(agentX.data[b], agentZ.data[b], 0.5));
      }
    }
  }
  assert.deepEqual([...sides.keys()].sort(), [
    "-8, 0",
    "0, -8",
    "0, 8",
    "8, 0",
  ]);
  assert([...sides.values()].every((count) => Math.abs(count - 125) < 40));
  const speeds = Float64Array.from(dragonStride.data, Number)
    .map((stride) => stride * 50);
  const yaws = Float64Array.from(agentYaw.data, Number);
  for (const [values, from, to] of [[speeds, 1, 7], [yaws, 0, 360]] as const) {
    assert(Math.min(...values) >= from && Math.max(...values) < to);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    assert(Math.abs(mean - (from + to) / 2) < (to - from) / 20);
  }
});

Deno.test("an agent falls half a metre at first, then stands", () => {
  const environment = new DungeonEscape({ seed: 1, areas: 1 });
  environment.reset();
  const { decision } = environment.getSteps(behavior);
  step(environment);
  // 3.38445 * (1 - 0.92 ^ 5): see the motion of cube agents.
  assert.equal(decision.observations[0][1].toFixed(4), "-1.1538");
  for (let i = 0; i < 3; i++) step(environment);
  assert.equal(decision.observations[0][1], 0);
});

Deno.test("a decision forward is five pushes; what is constant stays so", () => {
  const environment = stage();
  step(environment, 1, 5, 4);
  const { decision } = environment.getSteps(behavior);
  const [velocities] = decision.observations;
  // v = (v + 3) * 0.92 - 0.3249072, five times from 0; to a side with 2.25.
  const speed = (push: number) => {
    let v = 0;
    for (let i = 0; i < 5; i++) v = (v + push) * 0.92 - 0.3249072;
    return Number(v.toFixed(4));
  };
  const rows = [0, 1, 2].map((row) =>
    Array.from(
      velocities.subarray(row * 10, (row + 1) * 10),
      (value) => Number(value.toFixed(4)) + 0,
    )
  );
  assert.deepEqual(rows, [
    [0, 0, speed(3), 0, 0, 0, 0, 0, 0, 1],
    [-speed(2.25), 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ]);
  assert.equal(Number(environment.snapshot().agentYaw.data[2]), -20);
});

Deno.test("rays meet door, agent, key, column and wall", () => {
  const along = (degrees: number, distance: number): [number, number] => [
    distance * Math.sin(degrees * Math.PI / 180),
    distance * Math.cos(degrees * Math.PI / 180),
  ];
  const [x, z] = along(-60, 5);
  const environment = stage({
    // The third has a column ahead, its centre at 5 m.
    agents: [[0, 0], along(60, 3), [4.5, -9]],
    yaws: [0, 60, 0],
    // It comes towards the agent, its key 0.94 ahead, 0.1 thick to each side.
    dragon: { x, z, forwardX: -x / 5, forwardZ: -z / 5 },
  });
  step(environment);
  // The door's front is at 12.6 - 0.535.
  assert.deepEqual(ray(environment, 0, 0), [4, 12.065 - 0.5]);
  assert.deepEqual(ray(environment, 0, 13), [1, 3 - 0.5 - 0.5]);
  assert.deepEqual(ray(environment, 0, 14), [3, 3.46]);
  // 360 / 42 degrees to the right: the wall at 12.5 - 0.5 beside the door.
  const angle = 2 * 60 / 7 * Math.PI / 180;
  const wall = Number((12 / Math.cos(angle)).toFixed(4));
  assert.deepEqual(ray(environment, 0, 3), [0, wall]);
  assert.deepEqual(ray(environment, 2, 0), [0, 3.78]);
  // Frames before this one hold nothing.
  const { observations } = environment.getSteps(behavior).decision;
  assert(observations[1].subarray(0, 240).every((value) => value === 0));
});

Deno.test("three frames are seen, the newest last", () => {
  const environment = stage({ agents: [[0, 0], ...away.slice(1)] });
  const { decision } = environment.getSteps(behavior);
  const ahead = () =>
    [7, 127, 247].map((at) =>
      Number((40 * decision.observations[1][at]).toFixed(3))
    );
  step(environment);
  assert.deepEqual(ahead(), [0, 0, 11.565]);
  step(environment, 1);
  step(environment);
  const [first, second, third] = ahead();
  assert.equal(first, 11.565);
  assert(second < first && third < second);
});

Deno.test("those who are gone are neither seen nor met", () => {
  const agents: [number, number][] = [[0, 2], [0, 0], [-11, 2]];
  const withoutOne = stage({ agents, alive: [0, 1, 1] });
  step(withoutOne);
  assert.deepEqual(ray(withoutOne, 0, 0), [4, 11.565]);
  for (let i = 0; i < 5; i++) step(withoutOne, 1);
  assert(Number(withoutOne.snapshot().agentZ.data[1]) > 4);
  const withAll = stage({ agents });
  step(withAll);
  assert.deepEqual(ray(withAll, 1, 0), [1, 2 - 0.5 - 0.5]);
  for (let i = 0; i < 5; i++) step(withAll, 0, 1);
  const { agentZ } = withAll.snapshot();
  assert(Number(agentZ.data[0]) - Number(agentZ.data[1]) > 1.1 - 1e-9);
});

Deno.test("walls and columns hold agents back", () => {
  const environment = stage({
    agents: [[-11, -5], [-4.5, 0], [-11, 5]],
    yaws: [-90, 0, 0],
  });
  for (let i = 0; i < 10; i++) step(environment, 1, 1);
  const { agentX, agentZ } = environment.snapshot();
  assert.equal(agentX.data[0], -12.5 + 0.55);
  assert(Math.abs(Number(agentZ.data[1]) - (4 - 0.72 - 0.55)) < 1e-9);
});

Deno.test("who touches the dragon dies and takes it along", () => {
  const environment = stage({
    agents: [[0, 0], [3, 0], [-11, 2]],
    dragon: { x: 0, z: 1.2, forwardX: 0, forwardZ: 1 },
  });
  step(environment);
  assert.deepEqual(ends(environment), ["0: 0"]);
  settle(environment);
  assert.deepEqual(deciding(environment), [1, 2]);
  assert.deepEqual(holding(environment), [0, 0]);
  // From (3, 0) the tombstone is 3 to the left, the key just behind it.
  environment.restore({
    ...environment.snapshot(),
    agentForwardX: { data: Float64Array.of(0, -1, 0), shape: [3] },
    agentForwardZ: { data: Float64Array.of(1, 0, 1), shape: [3] },
  });
  step(environment);
  assert.deepEqual(ray(environment, 0, 0), [0, 2]);
  // 17.1 degrees to the right it passes the tombstone and meets the key.
  assert.equal(ray(environment, 0, 5)[0], 3);
});

Deno.test("another agent takes the key, once; it is not seen any more", () => {
  const environment = stage({
    agents: [[8, 8], [0, 0.6], [3, 1.4]],
    yaws: [0, 0, -90],
    dragon: { x: 0, z: 1.4, forwardX: 0, forwardZ: 1 },
    alive: [0, 1, 1],
    victim: 0,
  });
  step(environment);
  assert.deepEqual(ends(environment), []);
  assert.deepEqual(holding(environment), [0, 0]);
  assert.deepEqual(ray(environment, 0, 0)[0], 3);
  assert.deepEqual(ray(environment, 1, 0), [3, 3 - 0.6 - 0.5]);
  // It moves by 0.67 m in one decision.
  step(environment, 1);
  assert.deepEqual(holding(environment), [1, 0]);
  assert.deepEqual(ray(environment, 1, 0), [1, 3 - 0.5 - 0.5]);
});

Deno.test("the door opens for who holds the key: 1 for the living", () => {
  const environment = stage({
    agents: [[0, 11.3], [8, 8], [-11, 2]],
    alive: [1, 0, 1],
    victim: 1,
    holder: 0,
  });
  step(environment, 1);
  assert.deepEqual(ends(environment), ["0: 1", "2: 1"]);
  // All are there again and hold nothing.
  settle(environment);
  assert.deepEqual(deciding(environment), [0, 1, 2]);
  assert.deepEqual(holding(environment), [0, 0, 0]);
  const { groupRewards, observations } =
    environment.getSteps(behavior).decision;
  assert.deepEqual([...groupRewards], [0, 0, 0]);
  assert(observations[1].subarray(0, 240).every((value) => value === 0));
});

Deno.test("the door stays shut for those without the key", () => {
  const environment = stage({
    agents: [[0, 11.3], [8, 8], [-11, 2]],
    alive: [1, 0, 1],
    victim: 1,
    holder: 2,
  });
  for (let i = 0; i < 5; i++) step(environment, 1);
  assert.deepEqual(ends(environment), []);
  // It stands before the door's front.
  const { agentZ, agentVelocityZ } = environment.snapshot();
  assert(Math.abs(Number(agentZ.data[0]) - (12.065 - 0.55)) < 1e-9);
  assert.equal(agentVelocityZ.data[0], 0);
});

Deno.test("the portal takes agents one by one, the last ends the episode", () => {
  const near: [number, number] = [10.4, -10.4];
  const environment = stage({
    agents: [near, [-11, 0], [-11, 2]],
    yaws: [135, 0, 0],
  });
  step(environment, 1);
  assert.deepEqual(ends(environment), ["0: 0"]);
  settle(environment);
  assert.deepEqual(deciding(environment), [1, 2]);
  const last = stage({
    agents: [near, ...away.slice(1)],
    yaws: [135, 0, 0],
    alive: [1, 0, 0],
  });
  step(last, 1);
  assert.deepEqual(ends(last), ["0: 0"]);
  settle(last);
  assert.deepEqual(deciding(last), [0, 1, 2]);
  assert.equal(last.snapshot().stepCount.data[0], 5);
});

Deno.test("the key's holder must not enter the portal", () => {
  const environment = stage({
    agents: [[10.4, -10.4], [8, 8], [-11, 2]],
    yaws: [135, 0, 0],
    alive: [1, 0, 1],
    victim: 1,
    holder: 0,
  });
  step(environment, 1);
  assert.deepEqual(ends(environment), ["0: 0", "2: 0"]);
});

Deno.test("the dragon's arrival ends the episode without reward", () => {
  const environment = stage({ dragon: { x: 9.5, z: -9.5 } });
  const state = environment.snapshot();
  const slanted = Math.SQRT1_2;
  environment.restore({
    ...state,
    dragonForwardX: { data: Float64Array.of(slanted), shape: [1] },
    dragonForwardZ: { data: Float64Array.of(-slanted), shape: [1] },
    dragonStride: { data: Float64Array.of(0.1), shape: [1] },
  });
  // 13.435 along the diagonal; its front and the portal's, 16.688 - 0.885,
  // meet after 1.618: in the 17th step.
  for (let i = 0; i < 3; i++) step(environment);
  assert.deepEqual(ends(environment), []);
  step(environment);
  assert.deepEqual(ends(environment), ["0: 0", "1: 0", "2: 0"]);
  const { dragonStride } = environment.snapshot();
  assert.notEqual(dragonStride.data[0], 0.1);
});

Deno.test("after 15000 steps the living are interrupted", () => {
  const environment = stage({ alive: [1, 0, 1], victim: 1 });
  let decisions = 0;
  while (ends(environment).length === 0) {
    step(environment);
    decisions++;
  }
  assert.equal(decisions, 3000);
  assert.deepEqual(ends(environment), ["0: 0 !", "2: 0 !"]);
});

Deno.test("a court without agents waits for its limit, as Unity's does", () => {
  const environment = stage({
    agents: [[0, 0], ...away.slice(1)],
    dragon: { x: 0, z: 1.2 },
    alive: [1, 0, 0],
  });
  step(environment);
  assert.deepEqual(ends(environment), ["0: 0"]);
  step(environment);
  assert.deepEqual(ends(environment), []);
  assert.deepEqual(deciding(environment), [0, 1, 2]);
  assert.equal(environment.snapshot().stepCount.data[0], 15_000);
});

Deno.test("gravity is read when an episode begins and rules the friction", () => {
  const environment = new DungeonEscape({
    seed: 1,
    areas: 1,
    parameters: { gravity: 0 },
  });
  environment.reset();
  for (let i = 0; i < 4; i++) step(environment, 1, 1, 1);
  // Without gravity nobody comes down.
  const { agentHeight } = environment.snapshot();
  assert.deepEqual([...agentHeight.data], [1, 1, 1]);
});

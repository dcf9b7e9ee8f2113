/** Scenes of DungeonEscape that are set up by hand, and what comes of them. */
import assert from "node:assert/strict";
import { DungeonEscape } from "../../../lib/env/sims/dungeon_escape.ts";

export const behavior = "DungeonEscape?team=0";
const rayWidth = 8;

/** What stands in a court of one area; nothing moves by itself. */
export interface Scene {
  /** x and z of each agent; far from everything by default. */
  agents?: [x: number, z: number][];
  yaws?: number[];
  alive?: number[];
  dragon?: { x: number; z: number; forwardX?: number; forwardZ?: number };
  /** Who lies where the dragon died. */
  victim?: number;
  holder?: number;
}

export const away: [number, number][] = [[-11, -2], [-11, 0], [-11, 2]];

/** A court in the middle of an episode. */
export function stage(scene: Scene = {}): DungeonEscape {
  const environment = new DungeonEscape({ seed: 1, areas: 1 });
  environment.reset();
  const { agents = away, yaws = [0, 0, 0], victim = -1 } = scene;
  const { dragon = { x: 0, z: -11 } } = scene;
  const { forwardX = 1, forwardZ = 0 } = dragon;
  const floats = (values: number[]) => ({
    data: Float64Array.from(values),
    shape: [values.length],
  });
  const angles = yaws.map((yaw) => yaw * Math.PI / 180);
  environment.restore({
    ...environment.snapshot(),
    isAlive: { data: Uint8Array.from(scene.alive ?? [1, 1, 1]), shape: [3] },
    agentX: floats(agents.map(([x]) => x)),
    agentZ: floats(agents.map(([, z]) => z)),
    agentHeight: floats([0.5, 0.5, 0.5]),
    agentYaw: floats(yaws),
    agentForwardX: floats(angles.map(Math.sin)),
    agentForwardZ: floats(angles.map(Math.cos)),
    frames: { data: new Float32Array(1080), shape: [1080] },
    dragonX: floats([dragon.x]),
    dragonZ: floats([dragon.z]),
    dragonForwardX: floats([forwardX]),
    dragonForwardZ: floats([forwardZ]),
    dragonStride: floats([0]),
    dragonIsDead: floats([Number(victim >= 0)]),
    victim: floats([victim]),
    holder: floats([scene.holder ?? -1]),
  });
  return environment;
}

/** One step with an action for each agent that decides. */
export function step(environment: DungeonEscape, ...actions: number[]): void {
  const { decision } = environment.getSteps(behavior);
  const discrete = new Int32Array(decision.count);
  discrete.set(actions);
  environment.setActions(behavior, {
    continuous: new Float32Array(),
    discrete,
  });
  environment.step();
}

/** Who ended, as `id: group reward`, `!` if interrupted. */
export function ends(environment: DungeonEscape): string[] {
  const { terminal } = environment.getSteps(behavior);
  return Array.from({ length: terminal.count }, (_, row) => {
    assert.equal(terminal.groupIds[row], 1);
    assert.equal(terminal.rewards[row], 0);
    const reward = `${terminal.agentIds[row]}: ${terminal.groupRewards[row]}`;
    return terminal.interrupted[row] ? `${reward} !` : reward;
  });
}

export function deciding(environment: DungeonEscape): number[] {
  const { decision } = environment.getSteps(behavior);
  return [...decision.agentIds.subarray(0, decision.count)];
}

/** Who says that it holds the key. */
export function holding(environment: DungeonEscape): number[] {
  const { decision } = environment.getSteps(behavior);
  return [...decision.observations[2].subarray(0, decision.count)];
}

/** Steps until all agents that are alive decide. */
export function settle(environment: DungeonEscape): void {
  while (deciding(environment).length === 0) step(environment);
}

/** What the newest frame says of a ray of the agent in a row: tag, fraction. */
export function ray(environment: DungeonEscape, row: number, index: number) {
  const { decision } = environment.getSteps(behavior);
  const start = row * 360 + 240 + index * rayWidth;
  const values = decision.observations[1].subarray(start, start + rayWidth);
  assert.equal(values.subarray(0, 7).reduce((a, b) => a + b), 1);
  return [values.indexOf(1), Number((values[7] * 40).toFixed(4))];
}

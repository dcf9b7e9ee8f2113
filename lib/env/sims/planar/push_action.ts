import type { CubeAgents } from "./cube_agents.ts";

/** How many choices there are. */
export const pushActions = 7;

/** Metres per second that a step of running adds. */
const run = 3;
const sidestep = 0.75 * run;
/** Degrees of a step of turning. */
const turn = 4;

/** By choice: change of velocity forward and to the right, turn to the right. */
const forwards = [0, run, -run, 0, 0, 0, 0];
const rights = [0, 0, 0, 0, 0, -sidestep, sidestep];
const turns = [0, 0, 0, turn, -turn, 0, 0];

/**
 * One step of an action of Unity's block pushers: 0 nothing, 1 forward, 2 back,
 * 3 turn right, 4 turn left, 5 left, 6 right. Facts: Unity's environments,
 * sections 1.8 and 7.
 */
export function carryOutPushAction(
  agents: CubeAgents,
  agent: number,
  choice: number,
): void {
  if (turns[choice] !== 0) agents.turn(agent, turns[choice]);
  else agents.push(agent, forwards[choice], rights[choice]);
}

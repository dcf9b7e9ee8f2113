/**
 * Contacts of cube agents: each is a circle that is put back to where it
 * touches, and loses the speed that led into the other body. Facts: Unity's
 * environments, section 1.8, last paragraph.
 */
import type { CubeAgents } from "./cube_agents.ts";
import type { TurnedBox } from "./turned_box.ts";

/** Radius of the circle that stands for a cube, metres. */
export const agentRadius = 0.55;

/** Keeps an agent within a room around the origin. */
export function keepInRoom(
  agents: CubeAgents,
  agent: number,
  halfWidth: number,
  halfDepth: number,
): void {
  const { x, z, velocityX, velocityZ } = agents;
  const limitX = halfWidth - agentRadius, limitZ = halfDepth - agentRadius;
  if (x[agent] > limitX) {
    x[agent] = limitX;
    if (velocityX[agent] > 0) velocityX[agent] = 0;
  } else if (x[agent] < -limitX) {
    x[agent] = -limitX;
    if (velocityX[agent] < 0) velocityX[agent] = 0;
  }
  if (z[agent] > limitZ) {
    z[agent] = limitZ;
    if (velocityZ[agent] > 0) velocityZ[agent] = 0;
  } else if (z[agent] < -limitZ) {
    z[agent] = -limitZ;
    if (velocityZ[agent] < 0) velocityZ[agent] = 0;
  }
}

/** Keeps an agent out of a circle that does not move. */
export function keepOutOfCircle(
  agents: CubeAgents,
  agent: number,
  x: number,
  z: number,
  radius: number,
): void {
  const dx = agents.x[agent] - x, dz = agents.z[agent] - z;
  const reach = radius + agentRadius;
  const squared = dx * dx + dz * dz;
  // The very centre has no way out that is nearer than others.
  if (squared >= reach * reach || squared === 0) return;
  const distance = Math.sqrt(squared);
  putBack(agents, agent, dx / distance, dz / distance, reach - distance);
}

/** Keeps an agent out of a box that does not move; says if it touched it. */
export function keepOutOfBox(
  agents: CubeAgents,
  agent: number,
  box: TurnedBox,
): boolean {
  const dx = agents.x[agent] - box.x, dz = agents.z[agent] - box.z;
  const { forwardX, forwardZ, halfWidth, halfDepth } = box;
  const right = dx * forwardZ - dz * forwardX;
  const forward = dx * forwardX + dz * forwardZ;
  // From the box's nearest point to the agent, in the box's frame.
  let outRight = right - clamp(right, halfWidth);
  let outForward = forward - clamp(forward, halfDepth);
  const squared = outRight * outRight + outForward * outForward;
  if (squared >= agentRadius * agentRadius) return false;
  let depth: number;
  if (squared > 0) {
    const distance = Math.sqrt(squared);
    depth = agentRadius - distance;
    outRight /= distance;
    outForward /= distance;
  } else {
    // A centre inside leaves by the nearest side.
    const insideRight = halfWidth - Math.abs(right);
    const insideForward = halfDepth - Math.abs(forward);
    const leavesSideways = insideRight < insideForward;
    depth = agentRadius + Math.min(insideRight, insideForward);
    outRight = leavesSideways ? Math.sign(right) : 0;
    outForward = leavesSideways ? 0 : forward < 0 ? -1 : 1;
  }
  putBack(
    agents,
    agent,
    outRight * forwardZ + outForward * forwardX,
    outForward * forwardZ - outRight * forwardX,
    depth,
  );
  return true;
}

/** Parts two agents of the same mass; they go on with their mean speed. */
export function keepApart(agents: CubeAgents, a: number, b: number): void {
  const { x, z, velocityX, velocityZ } = agents;
  const dx = x[a] - x[b], dz = z[a] - z[b];
  const reach = 2 * agentRadius;
  const squared = dx * dx + dz * dz;
  if (squared >= reach * reach || squared === 0) return;
  const distance = Math.sqrt(squared);
  const normalX = dx / distance, normalZ = dz / distance;
  const half = (reach - distance) / 2;
  x[a] += normalX * half;
  z[a] += normalZ * half;
  x[b] -= normalX * half;
  z[b] -= normalZ * half;
  const parting = (velocityX[a] - velocityX[b]) * normalX +
    (velocityZ[a] - velocityZ[b]) * normalZ;
  if (parting >= 0) return;
  velocityX[a] -= normalX * parting / 2;
  velocityZ[a] -= normalZ * parting / 2;
  velocityX[b] += normalX * parting / 2;
  velocityZ[b] += normalZ * parting / 2;
}

/** Moves an agent by `depth` along a unit vector, against which it stops. */
function putBack(
  agents: CubeAgents,
  agent: number,
  normalX: number,
  normalZ: number,
  depth: number,
): void {
  const { x, z, velocityX, velocityZ } = agents;
  x[agent] += normalX * depth;
  z[agent] += normalZ * depth;
  const parting = velocityX[agent] * normalX + velocityZ[agent] * normalZ;
  if (parting >= 0) return;
  velocityX[agent] -= normalX * parting;
  velocityZ[agent] -= normalZ * parting;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

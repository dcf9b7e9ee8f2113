import type { LiveArrays } from "../saved_state.ts";

/** Length of a physics step in seconds. */
export const timeStep = 0.02;
/** Of agents and floors: the default of Unity's materials. */
const frictionCoefficient = 0.6;
/** PhysX: a box on a plane feels twice Coulomb's friction. */
const patchFactor = 2;
/** Height of a standing cube's centre, metres. */
const standingHeight = 0.5;

/**
 * Agents that are cubes of 1 m on flat ground: pushed, turned and slowed down
 * as Unity does it, which is exact where they touch nothing but the ground.
 * Facts: Unity's environments, section 1.8; metres, seconds and degrees, yaw
 * clockwise from above with 0 towards z. Each array is `[agents]`.
 */
export class CubeAgents {
  readonly x: Float64Array;
  readonly z: Float64Array;
  /** Of the centre. */
  readonly height: Float64Array;
  readonly velocityX: Float64Array;
  readonly velocityY: Float64Array;
  readonly velocityZ: Float64Array;
  readonly yaw: Float64Array;
  /** Sine of the yaw. */
  readonly forwardX: Float64Array;
  /** Cosine of the yaw. */
  readonly forwardZ: Float64Array;
  /** Part of the velocity that is left after a step's drag. */
  readonly #kept: number;

  /** `drag` is the bodies' linear drag, per second. */
  constructor(agents: number, drag: number) {
    this.x = new Float64Array(agents);
    this.z = new Float64Array(agents);
    this.height = new Float64Array(agents);
    this.velocityX = new Float64Array(agents);
    this.velocityY = new Float64Array(agents);
    this.velocityZ = new Float64Array(agents);
    this.yaw = new Float64Array(agents);
    this.forwardX = new Float64Array(agents);
    this.forwardZ = new Float64Array(agents);
    this.#kept = 1 - drag * timeStep;
  }

  /** Puts an agent somewhere, at rest; above 0.5 m it falls. */
  place(agent: number, x: number, z: number, height: number, yaw: number) {
    this.x[agent] = x;
    this.z[agent] = z;
    this.height[agent] = height;
    this.velocityX[agent] = 0;
    this.velocityY[agent] = 0;
    this.velocityZ[agent] = 0;
    this.yaw[agent] = 0;
    this.turn(agent, yaw);
  }

  /** Changes the velocity along the agent's own forward and right. */
  push(agent: number, forward: number, right: number): void {
    const sine = this.forwardX[agent], cosine = this.forwardZ[agent];
    this.velocityX[agent] += forward * sine + right * cosine;
    this.velocityZ[agent] += forward * cosine - right * sine;
  }

  turn(agent: number, degrees: number): void {
    const yaw = this.yaw[agent] = (this.yaw[agent] + degrees) % 360;
    this.forwardX[agent] = Math.sin(yaw * (Math.PI / 180));
    this.forwardZ[agent] = Math.cos(yaw * (Math.PI / 180));
  }

  /** One physics step: gravity, drag, friction of the ground, movement. */
  advance(agent: number, gravity: number): void {
    const kept = this.#kept;
    let vx = this.velocityX[agent] * kept;
    let vy = (this.velocityY[agent] - gravity * timeStep) * kept;
    let vz = this.velocityZ[agent] * kept;
    const drop = standingHeight - this.height[agent];
    if (vy * timeStep <= drop) {
      vy = 0;
      this.height[agent] = standingHeight;
      const speed = Math.sqrt(vx * vx + vz * vz);
      const friction = patchFactor * frictionCoefficient * gravity * timeStep *
        kept;
      const share = speed > friction ? 1 - friction / speed : 0;
      vx *= share;
      vz *= share;
    } else {
      this.height[agent] += vy * timeStep;
    }
    this.velocityX[agent] = vx;
    this.velocityY[agent] = vy;
    this.velocityZ[agent] = vz;
    this.x[agent] += vx * timeStep;
    this.z[agent] += vz * timeStep;
  }

  /** Writes the velocity in the agent's own frame: right, up, forward. */
  observeVelocity(agent: number, values: Float32Array, at: number): void {
    const sine = this.forwardX[agent], cosine = this.forwardZ[agent];
    const vx = this.velocityX[agent], vz = this.velocityZ[agent];
    values[at] = vx * cosine - vz * sine;
    values[at + 1] = this.velocityY[agent];
    values[at + 2] = vx * sine + vz * cosine;
  }

  /** All state, for saving and restoring. */
  liveArrays(): LiveArrays {
    return {
      agentX: this.x,
      agentZ: this.z,
      agentHeight: this.height,
      agentVelocityX: this.velocityX,
      agentVelocityY: this.velocityY,
      agentVelocityZ: this.velocityZ,
      agentYaw: this.yaw,
      agentForwardX: this.forwardX,
      agentForwardZ: this.forwardZ,
    };
  }
}

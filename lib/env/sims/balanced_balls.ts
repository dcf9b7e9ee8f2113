import type { LiveArrays } from "./saved_state.ts";

/** Length of a physics step in seconds. */
const timeStep = 0.02;
/** Half the edge of the box, metres. */
const halfBox = 2.5;
const angularDrag = 0.01;
const frictionCoefficient = 0.6;
/** Contacts are solved from this gap on, metres. */
const contactDistance = 0.02;
/** Part of a penetration that one step removes, and its greatest speed. */
const pushShare = 0.8;
const maxPushSpeed = 10;
/** Moment of inertia of a solid sphere, per mass and squared radius. */
const inertia = 0.4;

/**
 * Balls on boxes that only turn: one of each per area, all in typed arrays. A
 * solid sphere meets a static box of edge 5 without bouncing, with Coulomb
 * friction; its mass cancels out. Facts: Unity's environments, section 4,
 * "contact model"; units are metres, seconds and radians.
 */
export class BalancedBalls {
  /** Box rotations as quaternions x, y, z, w: `[areas, 4]`. */
  readonly rotations: Float64Array;
  /** Ball minus box: `[areas, 3]`. */
  readonly positions: Float64Array;
  /** `[areas, 3]`. */
  readonly velocities: Float64Array;
  /** Angular velocities of the balls: `[areas, 3]`. */
  readonly spins: Float64Array;
  /** `[areas]`. */
  readonly radii: Float64Array;
  /** Downward acceleration: `[areas]`. */
  readonly gravities: Float64Array;
  /** Velocity and spin that a contact leads to: `[6]`. */
  readonly #solved = new Float64Array(6);

  constructor(areas: number) {
    this.rotations = new Float64Array(areas * 4);
    this.positions = new Float64Array(areas * 3);
    this.velocities = new Float64Array(areas * 3);
    this.spins = new Float64Array(areas * 3);
    this.radii = new Float64Array(areas);
    this.gravities = new Float64Array(areas);
  }

  /** Sets a box upright. */
  levelBox(area: number): void {
    this.rotations.fill(0, area * 4, area * 4 + 3);
    this.rotations[area * 4 + 3] = 1;
  }

  /** Lets a ball fall from a place above its box; its spin stays. */
  dropBall(area: number, x: number, y: number, z: number): void {
    this.positions[area * 3] = x;
    this.positions[area * 3 + 1] = y;
    this.positions[area * 3 + 2] = z;
    this.velocities.fill(0, area * 3, area * 3 + 3);
  }

  /** Turns a box about its own x axis; the angle is in degrees. */
  turnAboutX(area: number, degrees: number): void {
    const q = this.rotations, at = area * 4;
    const x = q[at], y = q[at + 1], z = q[at + 2], w = q[at + 3];
    const half = degrees * (Math.PI / 360);
    const s = Math.sin(half), c = Math.cos(half);
    q[at] = x * c + w * s;
    q[at + 1] = y * c + z * s;
    q[at + 2] = z * c - y * s;
    q[at + 3] = w * c - x * s;
  }

  /** Turns a box about its own z axis; the angle is in degrees. */
  turnAboutZ(area: number, degrees: number): void {
    const q = this.rotations, at = area * 4;
    const x = q[at], y = q[at + 1], z = q[at + 2], w = q[at + 3];
    const half = degrees * (Math.PI / 360);
    const s = Math.sin(half), c = Math.cos(half);
    q[at] = x * c + y * s;
    q[at + 1] = y * c - x * s;
    q[at + 2] = z * c + w * s;
    q[at + 3] = w * c - z * s;
  }

  /** One physics step of one area's ball. */
  advance(area: number): void {
    const { rotations, positions, velocities, spins } = this;
    const at = area * 3;
    velocities[at + 1] -= this.gravities[area] * timeStep;
    for (let i = at; i < at + 3; i++) spins[i] *= 1 - angularDrag * timeStep;

    // The box's axes are the columns of this rotation matrix.
    const qx = rotations[area * 4], qy = rotations[area * 4 + 1];
    const qz = rotations[area * 4 + 2], qw = rotations[area * 4 + 3];
    const xx = 1 - 2 * (qy * qy + qz * qz), xy = 2 * (qx * qy - qz * qw);
    const xz = 2 * (qx * qz + qy * qw), yx = 2 * (qx * qy + qz * qw);
    const yy = 1 - 2 * (qx * qx + qz * qz), yz = 2 * (qy * qz - qx * qw);
    const zx = 2 * (qx * qz - qy * qw), zy = 2 * (qy * qz + qx * qw);
    const zz = 1 - 2 * (qx * qx + qy * qy);

    // From the nearest point of the box to the ball's centre, in its frame.
    const px = positions[at], py = positions[at + 1], pz = positions[at + 2];
    const dx = distanceToBox(xx * px + yx * py + zx * pz);
    const dy = distanceToBox(xy * px + yy * py + zy * pz);
    const dz = distanceToBox(xz * px + yz * py + zz * pz);
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const gap = distance - this.radii[area];
    // A centre inside the box has no nearest face: such a ball falls through.
    if (gap < contactDistance && distance > 0) {
      this.#touch(
        area,
        (xx * dx + xy * dy + xz * dz) / distance,
        (yx * dx + yy * dy + yz * dz) / distance,
        (zx * dx + zy * dy + zz * dz) / distance,
        gap,
      );
    } else {
      for (let i = at; i < at + 3; i++) {
        positions[i] += velocities[i] * timeStep;
      }
    }
  }

  /**
   * The end of a step in contact, with the box's surface normal. A penetration
   * is pushed out by the movement alone: the velocity kept knows nothing of it.
   */
  #touch(area: number, nx: number, ny: number, nz: number, gap: number): void {
    const { positions, velocities, spins } = this;
    const at = area * 3;
    const solved = this.#solved;
    const closing = -gap / timeStep;
    const push = gap > 0
      ? closing
      : Math.min(pushShare * closing, maxPushSpeed);
    this.#solve(area, nx, ny, nz, push);
    for (let i = 0; i < 3; i++) positions[at + i] += solved[i] * timeStep;
    if (gap <= 0) this.#solve(area, nx, ny, nz, 0);
    for (let i = 0; i < 3; i++) velocities[at + i] = solved[i];
    for (let i = 0; i < 3; i++) spins[at + i] = solved[3 + i];
  }

  /**
   * Velocity and spin after an impulse that brings the speed along the normal
   * to at least `speed`, with friction against the slip of the contact point.
   */
  #solve(
    area: number,
    nx: number,
    ny: number,
    nz: number,
    speed: number,
  ): void {
    const { velocities, spins } = this;
    const radius = this.radii[area];
    const at = area * 3;
    let vx = velocities[at], vy = velocities[at + 1], vz = velocities[at + 2];
    const wx = spins[at], wy = spins[at + 1], wz = spins[at + 2];
    const impulse = Math.max(0, speed - (vx * nx + vy * ny + vz * nz));
    vx += impulse * nx;
    vy += impulse * ny;
    vz += impulse * nz;
    // Slip of the contact point: v - radius * (w x n), without its normal part.
    const normal = vx * nx + vy * ny + vz * nz;
    const tx = vx - normal * nx - radius * (wy * nz - wz * ny);
    const ty = vy - normal * ny - radius * (wz * nx - wx * nz);
    const tz = vz - normal * nz - radius * (wx * ny - wy * nx);
    const slip = Math.sqrt(tx * tx + ty * ty + tz * tz);
    // A solid sphere (I = 0.4 m r^2) loses 1 + 1 / 0.4 of slip per impulse.
    const stopping = 1 / (1 + 1 / inertia);
    const limit = slip > 0 ? frictionCoefficient * impulse / slip : 0;
    const share = Math.min(stopping, limit);
    const turn = share / (inertia * radius);
    const solved = this.#solved;
    solved[0] = vx - share * tx;
    solved[1] = vy - share * ty;
    solved[2] = vz - share * tz;
    solved[3] = wx + turn * (ny * tz - nz * ty);
    solved[4] = wy + turn * (nz * tx - nx * tz);
    solved[5] = wz + turn * (nx * ty - ny * tx);
  }

  /** All state, for saving and restoring. */
  liveArrays(): LiveArrays {
    return {
      rotations: this.rotations,
      positions: this.positions,
      velocities: this.velocities,
      spins: this.spins,
      radii: this.radii,
      gravities: this.gravities,
    };
  }
}

/** Signed distance of a coordinate from the box's extent; 0 within it. */
function distanceToBox(coordinate: number): number {
  if (coordinate > halfBox) return coordinate - halfBox;
  return coordinate < -halfBox ? coordinate + halfBox : 0;
}

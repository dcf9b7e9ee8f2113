import { distanceToBox, type TurnedBox } from "./turned_box.ts";

/** A ray sensor of Unity's, in the plane. */
export interface RaySensorOptions {
  /** Kinds of things that it tells apart. */
  readonly tags: number;
  /** Rays to each side, besides the one ahead. */
  readonly raysPerSide: number;
  /** Angle of the outermost rays, degrees. */
  readonly maxDegrees: number;
  /** Of the spheres that are cast, metres. */
  readonly radius: number;
  /** Metres. */
  readonly length: number;
}

/**
 * Casts spheres from a place and says what each meets first. A ray's values:
 * one-hot of the tag, 1 for a miss, the part of its length that it went. Rays
 * come in the order ahead, right, left, further right ... The caller aims,
 * shows all that is around, then writes:
 *
 * ```ts
 * rays.aim(x, z, forwardX, forwardZ);
 * rays.seeRoom(12.5, 12.5, 0);
 * rays.seeCircle(4, 4, 1, 1);
 * rays.write(column, row * rays.size);
 * ```
 *
 * What overlaps the sphere at its start is not seen.
 * Facts: Unity's environments, section 1.4.
 */
export class RaySensor {
  /** Values of one observation. */
  readonly size: number;
  readonly #options: RaySensorOptions;
  /** Directions in the sensor's frame: right and forward of each ray. */
  readonly #right: Float64Array;
  readonly #forward: Float64Array;
  /** Directions in the world's frame since the latest aim. */
  readonly #x: Float64Array;
  readonly #z: Float64Array;
  /** How far each ray goes, metres. */
  readonly #reach: Float64Array;
  /** What each ray meets there; -1 = nothing. */
  readonly #tag: Int32Array;
  #originX = 0;
  #originZ = 0;

  constructor(options: RaySensorOptions) {
    const { tags, raysPerSide, maxDegrees } = options;
    const rays = 2 * raysPerSide + 1;
    this.#options = options;
    this.size = rays * (tags + 2);
    this.#right = new Float64Array(rays);
    this.#forward = new Float64Array(rays);
    this.#x = new Float64Array(rays);
    this.#z = new Float64Array(rays);
    this.#reach = new Float64Array(rays);
    this.#tag = new Int32Array(rays);
    const spacing = maxDegrees / raysPerSide * Math.PI / 180;
    for (let ray = 0; ray < rays; ray++) {
      const toTheSide = Math.ceil(ray / 2) * spacing;
      const angle = ray % 2 === 1 ? toTheSide : -toTheSide;
      this.#right[ray] = Math.sin(angle);
      this.#forward[ray] = Math.cos(angle);
    }
  }

  /** Begins an observation from a place in a direction of length 1. */
  aim(x: number, z: number, forwardX: number, forwardZ: number): void {
    this.#originX = x;
    this.#originZ = z;
    for (let ray = 0; ray < this.#x.length; ray++) {
      const right = this.#right[ray], forward = this.#forward[ray];
      this.#x[ray] = forward * forwardX + right * forwardZ;
      this.#z[ray] = forward * forwardZ - right * forwardX;
    }
    this.#reach.fill(this.#options.length);
    this.#tag.fill(-1);
  }

  /** The walls of a room around the origin, from within. */
  seeRoom(halfWidth: number, halfDepth: number, tag: number): void {
    const { radius } = this.#options;
    const limitX = halfWidth - radius, limitZ = halfDepth - radius;
    for (let ray = 0; ray < this.#x.length; ray++) {
      const dx = this.#x[ray], dz = this.#z[ray];
      const untilX = ((dx > 0 ? limitX : -limitX) - this.#originX) / dx;
      const untilZ = ((dz > 0 ? limitZ : -limitZ) - this.#originZ) / dz;
      // Along a wall the quotient is infinite, or no number on its very line.
      if (untilX >= 0) this.#meet(ray, untilX, tag);
      if (untilZ >= 0) this.#meet(ray, untilZ, tag);
    }
  }

  seeCircle(x: number, z: number, radius: number, tag: number): void {
    const dx = x - this.#originX, dz = z - this.#originZ;
    const { length } = this.#options;
    const sum = radius + this.#options.radius;
    const squared = dx * dx + dz * dz;
    if (squared <= sum * sum) return;
    if (squared >= (length + sum) * (length + sum)) return;
    for (let ray = 0; ray < this.#x.length; ray++) {
      const rayX = this.#x[ray], rayZ = this.#z[ray];
      const along = dx * rayX + dz * rayZ;
      if (along < 0) continue;
      const half = sum * sum - (squared - along * along);
      if (half > 0) this.#meet(ray, along - Math.sqrt(half), tag);
    }
  }

  seeBox(box: TurnedBox, tag: number): void {
    const { radius, length } = this.#options;
    const { halfWidth, halfDepth, forwardX, forwardZ } = box;
    const dx = box.x - this.#originX, dz = box.z - this.#originZ;
    const squared = dx * dx + dz * dz;
    // No ray touches the box that does not touch the circle around it.
    const around = radius +
      Math.sqrt(halfWidth * halfWidth + halfDepth * halfDepth);
    if (squared >= (length + around) * (length + around)) return;
    if (distanceToBox(box, this.#originX, this.#originZ) <= radius) return;
    // The origin in the box's frame.
    const right = dz * forwardX - dx * forwardZ;
    const forward = -dx * forwardX - dz * forwardZ;
    for (let ray = 0; ray < this.#x.length; ray++) {
      const rayX = this.#x[ray], rayZ = this.#z[ray];
      const along = dx * rayX + dz * rayZ;
      if (squared - along * along > around * around || along < -around) {
        continue;
      }
      const distance = distanceToRoundedBox(
        right,
        forward,
        rayX * forwardZ - rayZ * forwardX,
        rayX * forwardX + rayZ * forwardZ,
        halfWidth,
        halfDepth,
        radius,
      );
      this.#meet(ray, distance, tag);
    }
  }

  /** Writes what the rays have met, {@link size} values from `at` on. */
  write(values: Float32Array, at: number): void {
    const { tags, length } = this.#options;
    for (let ray = 0; ray < this.#tag.length; ray++) {
      const start = at + ray * (tags + 2);
      for (let i = start; i <= start + tags; i++) values[i] = 0;
      const tag = this.#tag[ray];
      values[start + (tag < 0 ? tags : tag)] = 1;
      values[start + tags + 1] = this.#reach[ray] / length;
    }
  }

  #meet(ray: number, distance: number, tag: number): void {
    if (distance >= this.#reach[ray]) return;
    this.#reach[ray] = distance;
    this.#tag[ray] = tag;
  }
}

/**
 * How far a ray goes from outside until it meets a box around the origin whose
 * sides are moved out by `radius` and whose corners are round, as a sphere's
 * centre stops at it; Infinity if it does not.
 */
function distanceToRoundedBox(
  x: number,
  z: number,
  directionX: number,
  directionZ: number,
  halfWidth: number,
  halfDepth: number,
  radius: number,
): number {
  const entryX = sideDistance(x, directionX, halfWidth + radius);
  const entryZ = sideDistance(z, directionZ, halfDepth + radius);
  const entry = Math.max(0, entryX, entryZ);
  if (entry === Infinity) return Infinity;
  const hitX = x + entry * directionX, hitZ = z + entry * directionZ;
  const beyondX = Math.abs(hitX) - halfWidth;
  const beyondZ = Math.abs(hitZ) - halfDepth;
  if (beyondX > radius + tolerance || beyondZ > radius + tolerance) {
    return Infinity;
  }
  if (beyondX <= 0 || beyondZ <= 0) return entry;
  // Beyond the end of either side there is only the round corner.
  const cornerX = x - Math.sign(hitX) * halfWidth;
  const cornerZ = z - Math.sign(hitZ) * halfDepth;
  const along = -(cornerX * directionX + cornerZ * directionZ);
  const half = radius * radius -
    (cornerX * cornerX + cornerZ * cornerZ - along * along);
  const distance = half > 0 ? along - Math.sqrt(half) : Infinity;
  return distance >= 0 ? distance : Infinity;
}

/** Rounding must not let a ray slip by a side that it meets. */
const tolerance = 1e-9;

/** How far a coordinate goes until it is within +-limit. */
function sideDistance(from: number, direction: number, limit: number): number {
  if (Math.abs(from) <= limit) return -Infinity;
  return from * direction < 0
    ? (Math.abs(from) - limit) / Math.abs(direction)
    : Infinity;
}

/**
 * Boxes that stand on the ground, seen from above: x to the right, z forward,
 * metres. Facts: Unity's environments, section 1.1.
 */

/** A rectangle in the plane; its forward direction is a unit vector. */
export interface TurnedBox {
  readonly x: number;
  readonly z: number;
  /** Half of the width, along its own right. */
  readonly halfWidth: number;
  /** Half of the depth, along its own forward. */
  readonly halfDepth: number;
  /** Sine of the yaw. */
  readonly forwardX: number;
  /** Cosine of the yaw. */
  readonly forwardZ: number;
}

/** A box that may be moved and turned. */
export type MovingBox = {
  -readonly [Key in keyof TurnedBox]: TurnedBox[Key];
};

/** A box around a centre; the yaw is in degrees, clockwise from above. */
export function turnedBox(
  x: number,
  z: number,
  width: number,
  depth: number,
  yaw = 0,
): MovingBox {
  return {
    x,
    z,
    halfWidth: width / 2,
    halfDepth: depth / 2,
    forwardX: Math.sin(yaw * Math.PI / 180),
    forwardZ: Math.cos(yaw * Math.PI / 180),
  };
}

/** Puts a box somewhere else, facing a direction of length 1. */
export function moveBox(
  box: MovingBox,
  x: number,
  z: number,
  forwardX: number,
  forwardZ: number,
): void {
  box.x = x;
  box.z = z;
  box.forwardX = forwardX;
  box.forwardZ = forwardZ;
}

/** The distance of a place from the nearest point of a box; 0 within it. */
export function distanceToBox(box: TurnedBox, x: number, z: number): number {
  const dx = x - box.x, dz = z - box.z;
  const right = dx * box.forwardZ - dz * box.forwardX;
  const forward = dx * box.forwardX + dz * box.forwardZ;
  const outRight = Math.max(0, Math.abs(right) - box.halfWidth);
  const outForward = Math.max(0, Math.abs(forward) - box.halfDepth);
  return Math.sqrt(outRight * outRight + outForward * outForward);
}

/** Whether two boxes overlap: no side of either lies between them. */
export function boxesOverlap(a: TurnedBox, b: TurnedBox): boolean {
  return !sideLiesBetween(a, b) && !sideLiesBetween(b, a);
}

/** Whether `other` is wholly beyond one of the sides of `box`. */
function sideLiesBetween(box: TurnedBox, other: TurnedBox): boolean {
  const dx = other.x - box.x, dz = other.z - box.z;
  const cosine = Math.abs(
    box.forwardX * other.forwardX + box.forwardZ * other.forwardZ,
  );
  const sine = Math.abs(
    box.forwardX * other.forwardZ - box.forwardZ * other.forwardX,
  );
  const right = Math.abs(dx * box.forwardZ - dz * box.forwardX);
  const forward = Math.abs(dx * box.forwardX + dz * box.forwardZ);
  const { halfWidth, halfDepth } = other;
  return right > box.halfWidth + halfWidth * cosine + halfDepth * sine ||
    forward > box.halfDepth + halfWidth * sine + halfDepth * cosine;
}

/**
 * What stands in the court of {@link DungeonEscape}, around its centre. Facts:
 * Unity's environments, sections 7 and 15; metres.
 */
import { turnedBox } from "./planar/turned_box.ts";

/** From the centre to each wall. */
export const halfCourt = 12.5;

/** Agents begin within this of the centre, in x and in z. */
export const halfStart = 6.25;
/** Where an agent begins, a square of this edge is empty. */
export const startEdge = 5;

export const columnRadius = 0.72;
export const columns: readonly { readonly x: number; readonly z: number }[] = [
  { x: 4.5, z: 4 },
  { x: 4.5, z: -4 },
  { x: -4.5, z: 4 },
  { x: -4.5, z: -4 },
];

export const door = turnedBox(0, 12.6, 3, 1.07);
export const portal = turnedBox(11.83, -11.77, 4.69, 1.77, -45);
/** Where the dragon goes to. */
export const cave = { x: 11.58, z: -11.59 } as const;

/** Edge of the dragon. */
export const dragonEdge = 1.5;
/** From the court's centre to where the dragon begins. */
export const dragonStart = 8;
/** Metres per second: from, to. */
export const dragonSpeeds = [1, 7] as const;

/** The key, and how far ahead of its own centre the dragon carries it. */
export const keySize = { width: 1.2, depth: 0.2 } as const;
export const carriedAhead = 0.94;

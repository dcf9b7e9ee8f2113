import type { RandomGenerator } from "../../util/random.ts";
import {
  carriedAhead,
  cave,
  dragonEdge,
  dragonSpeeds,
  dragonStart,
  keySize,
} from "./dungeon_court.ts";
import { timeStep } from "./planar/cube_agents.ts";
import {
  moveBox,
  type MovingBox,
  type TurnedBox,
  turnedBox,
} from "./planar/turned_box.ts";
import type { LiveArrays } from "./saved_state.ts";

/**
 * The dragons of {@link DungeonEscape}, one in each area. Each walks straight
 * to its cave with a key ahead of it. A dead one leaves the key where it died.
 */
export class DungeonDragons {
  readonly #x: Float64Array;
  readonly #z: Float64Array;
  /** The direction it faces, of length 1. */
  readonly #forwardX: Float64Array;
  readonly #forwardZ: Float64Array;
  /** Metres per step. */
  readonly #stride: Float64Array;
  readonly #isDead: Uint8Array;
  /** Put into place for the area that is asked for. */
  readonly #body = turnedBox(0, 0, dragonEdge, dragonEdge);
  readonly #key = turnedBox(0, 0, keySize.width, keySize.depth);

  constructor(areas: number) {
    this.#x = new Float64Array(areas);
    this.#z = new Float64Array(areas);
    this.#forwardX = new Float64Array(areas);
    this.#forwardZ = new Float64Array(areas);
    this.#stride = new Float64Array(areas);
    this.#isDead = new Uint8Array(areas);
  }

  /** A dragon begins on any of the court's four sides, at any of its speeds. */
  begin(area: number, random: RandomGenerator): void {
    const side = random.integer(4) * Math.PI / 2;
    const x = this.#x[area] = dragonStart * Math.sin(side);
    const z = this.#z[area] = dragonStart * Math.cos(side);
    const dx = cave.x - x, dz = cave.z - z;
    const distance = Math.sqrt(dx * dx + dz * dz);
    this.#forwardX[area] = dx / distance;
    this.#forwardZ[area] = dz / distance;
    this.#stride[area] = random.between(...dragonSpeeds) * timeStep;
    this.#isDead[area] = 0;
  }

  isDead(area: number): boolean {
    return this.#isDead[area] === 1;
  }

  kill(area: number): void {
    this.#isDead[area] = 1;
  }

  /** One step towards the cave, of a living one. */
  advance(area: number): void {
    if (this.#isDead[area]) return;
    this.#x[area] += this.#stride[area] * this.#forwardX[area];
    this.#z[area] += this.#stride[area] * this.#forwardZ[area];
  }

  /** The dragon's body; the box holds until the next call. */
  body(area: number): TurnedBox {
    return this.#place(this.#body, area, 0);
  }

  /** The key, carried or left; the box holds until the next call. */
  key(area: number): TurnedBox {
    return this.#place(this.#key, area, this.#isDead[area] ? 0 : carriedAhead);
  }

  #place(box: MovingBox, area: number, ahead: number) {
    const forwardX = this.#forwardX[area], forwardZ = this.#forwardZ[area];
    const x = this.#x[area] + ahead * forwardX;
    const z = this.#z[area] + ahead * forwardZ;
    moveBox(box, x, z, forwardX, forwardZ);
    return box;
  }

  /** All state, for saving and restoring. */
  liveArrays(): LiveArrays {
    return {
      dragonX: this.#x,
      dragonZ: this.#z,
      dragonForwardX: this.#forwardX,
      dragonForwardZ: this.#forwardZ,
      dragonStride: this.#stride,
      dragonIsDead: this.#isDead,
    };
  }
}

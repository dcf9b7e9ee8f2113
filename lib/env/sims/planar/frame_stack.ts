import type { LiveArrays } from "../saved_state.ts";

/**
 * The latest observations of each agent in one row, oldest first, with zeros
 * before the episode's start. Facts: Unity's environments, section 1.3.
 */
export class FrameStack {
  /** `[agents, frames * frameSize]`. */
  readonly frames: Float32Array;
  readonly #frameSize: number;
  readonly #size: number;

  constructor(agents: number, frames: number, frameSize: number) {
    this.#frameSize = frameSize;
    this.#size = frames * frameSize;
    this.frames = new Float32Array(agents * this.#size);
  }

  /** Forgets what an agent has seen. */
  clear(agent: number): void {
    this.frames.fill(0, agent * this.#size, (agent + 1) * this.#size);
  }

  /**
   * Forgets an agent's oldest frame and gives the place of its newest, to be
   * written into {@link frames}.
   */
  shift(agent: number): number {
    const start = agent * this.#size, end = start + this.#size;
    this.frames.copyWithin(start, start + this.#frameSize, end);
    return end - this.#frameSize;
  }

  /** Copies an agent's frames to `row` of a sensor's column. */
  copyTo(column: Float32Array, row: number, agent: number): void {
    const start = agent * this.#size;
    const frames = this.frames.subarray(start, start + this.#size);
    column.set(frames, row * this.#size);
  }

  /** All state, for saving and restoring. */
  liveArrays(): LiveArrays {
    return { frames: this.frames };
  }
}

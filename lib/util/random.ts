import { createHash } from "node:crypto";
import type { NamedArray } from "./arrays.ts";

/**
 * Seeded random numbers (xoshiro128** by Blackman and Vigna). The state can be
 * saved and restored, so runs can be resumed bit for bit. One generator per
 * component keeps results independent of call order.
 */
export class RandomGenerator {
  readonly #state = new Uint32Array(4);

  /**
   * `stream` gives each component its own sequence under one run seed. The
   * state is a SHA-256 digest of both: streams of neighbouring seeds and alike
   * names have nothing in common, and no two meet by chance.
   */
  constructor(seed: number, stream = "") {
    const digest = createHash("sha256").update(`${seed}/${stream}`).digest();
    for (let i = 0; i < 4; i++) this.#state[i] = digest.readUInt32LE(4 * i);
  }

  /** A uniform 32-bit integer. */
  nextUint32(): number {
    const s = this.#state;
    const scrambled = Math.imul(s[1], 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number {
    return this.nextUint32() / 0x100000000;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A uniform integer in 0 .. bound-1. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Standard normal (Box and Muller 1958, cosine half only: no hidden state). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Standard Gumbel noise: argmax(logits + noise) samples the softmax. */
  gumbel(): number {
    return -Math.log(-Math.log((this.nextUint32() + 0.5) / 0x100000000));
  }

  /** Shuffles the first `count` entries in place (Fisher and Yates). */
  shuffle(values: Int32Array, count = values.length): void {
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** The state, `[4]`, for a checkpoint. */
  snapshot(): NamedArray<Uint32Array> {
    return { data: this.#state.slice(), shape: [4] };
  }

  /** Continues a saved sequence. */
  restore(state: NamedArray): void {
    for (let i = 0; i < 4; i++) this.#state[i] = Number(state.data[i]);
  }
}

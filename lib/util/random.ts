import type { NamedArray } from "./arrays.ts";

/**
 * Seeded random numbers (xoshiro128** by Blackman and Vigna, seeded through
 * splitmix32). The state can be saved and restored, so runs can be resumed bit
 * for bit. One generator per component keeps results independent of call order.
 */
export class RandomGenerator {
  readonly #state = new Uint32Array(4);

  /** `stream` gives each component its own sequence under one run seed. */
  constructor(seed: number, stream = "") {
    let mixed = seed >>> 0;
    for (let i = 0; i < stream.length; i++) {
      mixed = Math.imul(mixed ^ stream.charCodeAt(i), 0x01000193) >>> 0;
    }
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#state[i] = (z ^ (z >>> 16)) >>> 0;
    }
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

/** The one interface of compiled programs: arrays in, arrays out. */
import type { NamedArrays } from "../util/arrays.ts";

/** How a program is set up. */
export interface SessionOptions {
  /** Threads inside one operator; small networks run fastest on 1. */
  readonly threads: number;
}

/** A program ready to run, wherever it lives. */
export interface ProgramSession {
  /** Inputs that stay the same over many runs: weights. Arrays are kept. */
  bind(values: NamedArrays): void;
  /**
   * Computes the outputs for the bound inputs and `feeds`. Rejects with a
   * UserError when an input is missing or does not fit.
   */
  run(feeds: NamedArrays): NamedArrays | Promise<NamedArrays>;
  /** Frees the program. Closing twice is fine. */
  close(): void;
}

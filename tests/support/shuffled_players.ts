import type { Environment } from "../../lib/env/env.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { HeldEnvironment } from "./held_environment.ts";

export interface ShuffledPlayersOptions {
  /** Draws the order in which steps end. */
  readonly seed: number;
  /** The game of a player that is started for the first or a further time. */
  readonly createGame: (workerId: number, restarts: number) => Environment;
  /** An error = this step of a player, counted from 1, fails with it. */
  readonly failure?: (
    workerId: number,
    restarts: number,
    step: number,
  ) => Error | undefined;
}

/** Players of which some, drawn by chance, end their step at a time. */
export class ShuffledPlayers {
  /** All that were started, by worker and in order. */
  readonly started: HeldEnvironment[][] = [];
  readonly #options: ShuffledPlayersOptions;
  readonly #random: RandomGenerator;
  #stepping: HeldEnvironment[] = [];

  constructor(options: ShuffledPlayersOptions) {
    this.#options = options;
    this.#random = new RandomGenerator(options.seed, "arrivals");
  }

  /** For an environment pool. */
  readonly open = (workerId: number): Promise<HeldEnvironment> => {
    const { createGame, failure } = this.#options;
    const earlier = this.started[workerId] ??= [];
    const restarts = earlier.length;
    let steps = 0;
    const game = createGame(workerId, restarts);
    const player = new HeldEnvironment(game, (held) => {
      const error = failure?.(workerId, restarts, ++steps);
      if (error) setImmediate(() => held.fail(error));
      else this.#begin(held);
    });
    earlier.push(player);
    return Promise.resolve(player);
  };

  #begin(player: HeldEnvironment): void {
    if (this.#stepping.push(player) === 1) setImmediate(this.#turn);
  }

  /** Ends at least one step. */
  readonly #turn = async (): Promise<void> => {
    const count = this.#stepping.length;
    const chosen = this.#random.integer(count);
    const ending = this.#stepping.filter((_, i) =>
      i === chosen || this.#random.integer(3) === 0
    );
    this.#stepping = this.#stepping.filter((each) => !ending.includes(each));
    // Not in the order of their numbers, either.
    const order = Int32Array.from(ending, (_, i) => i);
    this.#random.shuffle(order);
    if (this.#stepping.length > 0) setImmediate(this.#turn);
    for (const i of order) await ending[i].release();
  };
}

import type { Environment } from "../env/env.ts";
import type { RestartAllowance } from "./restart_allowance.ts";

/** One environment of a pool, as the training loop sees it. */
export interface Member {
  /** 0 and up; stays the same when the environment is started again. */
  readonly workerId: number;
  /** What users call it; null where there is only one. */
  readonly name: string | null;
  /** The present one. */
  readonly environment: Environment;
}

/** One place of a pool and the environment in it. */
export class PoolMember implements Member {
  /** False when it has ended for good. */
  isLive = true;
  /** Resolves when the restart under way is over. */
  restart: Promise<void> | null = null;
  #environment: Environment;
  #closed: Promise<void> | null = null;

  /** Without an `allowance` it is not started again. */
  constructor(
    readonly workerId: number,
    readonly name: string | null,
    readonly allowance: RestartAllowance | null,
    environment: Environment,
  ) {
    this.#environment = environment;
  }

  get environment(): Environment {
    return this.#environment;
  }

  /** Puts another environment in the place of one that was closed. */
  replace(environment: Environment): void {
    this.#environment = environment;
    this.#closed = null;
  }

  /** Closes the present environment, once. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.#environment.close();
  }
}

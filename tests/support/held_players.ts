import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import {
  EnvironmentLost,
  type LossReason,
} from "../../lib/env/environment_lost.ts";
import {
  EnvironmentPool,
  type EnvironmentPoolOptions,
  type Round,
} from "../../lib/train/environment_pool.ts";
import { HeldEnvironment } from "./held_environment.ts";
import { LineGame } from "./line_game.ts";

export const gameOf = (seed: number) =>
  new LineGame({ seed, continuousSize: 1 });

export const unlimited = { lifetime: -1, rate: -1, periodSeconds: 60 };

/** A pool of environments that a test holds in its hand. */
export class HeldPlayers {
  /** All that were opened, by worker; the last ones are the present ones. */
  readonly opened: HeldEnvironment[][] = [];
  /** Replaces the opening of a worker's next environment. */
  nextOpening: ((signal: AbortSignal) => Promise<Environment>) | null = null;

  options(
    count: number,
    options: Partial<EnvironmentPoolOptions> = {},
  ): EnvironmentPoolOptions {
    return {
      count,
      open: (workerId, signal) => this.#open(workerId, signal),
      lockstep: false,
      restarts: unlimited,
      signal: new AbortController().signal,
      ...options,
    };
  }

  /** A pool whose members have all been stepped once. */
  async start(
    count: number,
    options: Partial<EnvironmentPoolOptions> = {},
  ): Promise<EnvironmentPool> {
    const pool = await EnvironmentPool.open(this.options(count, options));
    await pool.reset();
    const { arrivals } = await pool.next();
    for (const member of arrivals) pool.step(member);
    return pool;
  }

  /** The present environment of a worker. */
  of(workerId: number): HeldEnvironment {
    return this.opened[workerId].at(-1) ?? assert.fail();
  }

  #open(workerId: number, signal: AbortSignal): Promise<Environment> {
    const opening = this.nextOpening;
    this.nextOpening = null;
    if (opening) return opening(signal);
    const held = new HeldEnvironment(gameOf(workerId));
    (this.opened[workerId] ??= []).push(held);
    return Promise.resolve(held);
  }
}

export const idsOf = ({ arrivals }: Round) =>
  arrivals.map(({ workerId }) => workerId);

export const lost = (reason: LossReason, what = "The Unity player ended") =>
  new EnvironmentLost(reason, { what, cure: "Look into its log." });

/** Lets all promises settle that depend on nothing outside. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** What a promise has come to so far. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = "pending";
  promise.then(() => state = "resolved", () => state = "rejected");
  await settle();
  return state;
}

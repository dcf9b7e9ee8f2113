/** Environments side by side: started, stepped, replaced and closed. */
import type { Environment } from "../env/env.ts";
import { EnvironmentLost } from "../env/environment_lost.ts";
import { describeProblem, UserError } from "../errors.ts";
import type { NamedArrays } from "../util/arrays.ts";
import { namedError, namedProblem } from "./named_problem.ts";
import { type Member, PoolMember } from "./pool_member.ts";
import { RestartAllowance, type RestartLimits } from "./restart_allowance.ts";

export interface EnvironmentPoolOptions {
  readonly count: number;
  /**
   * Opens the environment of a worker, 0 to `count - 1`, with the parameters
   * in force. When the signal fires, it and all that waits for the environment
   * later gives up with the signal's reason.
   */
  readonly open: (
    workerId: number,
    signal: AbortSignal,
  ) => Promise<Environment>;
  /**
   * A round waits for all environments, also for those that are started again,
   * and has them in order of their numbers: nothing depends on which is faster.
   */
  readonly lockstep: boolean;
  /** Null = an environment that is lost ends the run. */
  readonly restarts: RestartLimits | null;
  readonly signal: AbortSignal;
}

/** An environment was lost, and its agents with it. */
export interface Loss {
  readonly member: Member;
  /** What happened, and what is done about it. */
  readonly message: string;
}

/** What has happened since the round before. */
export interface Round {
  readonly losses: readonly Loss[];
  /** Members with new records; they stand still until they are stepped. */
  readonly arrivals: readonly Member[];
}

/**
 * Steps each environment as soon as it has its actions: unless in lockstep
 * none waits for another. One that is lost is started again while the others
 * go on, as often as the limits allow.
 */
export class EnvironmentPool {
  readonly #options: EnvironmentPoolOptions;
  readonly #members: readonly PoolMember[];
  readonly #closing: AbortController;
  /** In the order in which they came in. */
  readonly #arrivals: PoolMember[] = [];
  readonly #losses: Loss[] = [];
  #failure: { readonly error: unknown } | null = null;
  #wake = () => {};
  #closed: Promise<void> | null = null;

  /**
   * Opens all environments at the same time. If one cannot be had, the others
   * are closed and the first error is thrown.
   */
  static async open(options: EnvironmentPoolOptions): Promise<EnvironmentPool> {
    const closing = new AbortController();
    const signal = AbortSignal.any([options.signal, closing.signal]);
    const openings = Array.from({ length: options.count }, async (_, id) => {
      try {
        return await options.open(id, signal);
      } catch (error) {
        throw error === signal.reason
          ? error
          : namedError(nameOf(id, options), error);
      }
    });
    try {
      const environments = await Promise.all(openings);
      return new EnvironmentPool({ ...options, signal }, environments, closing);
    } catch (error) {
      closing.abort(error);
      await Promise.allSettled(
        openings.map(async (opening) => (await opening).close()),
      );
      throw error;
    }
  }

  private constructor(
    options: EnvironmentPoolOptions,
    environments: readonly Environment[],
    closing: AbortController,
  ) {
    const { restarts } = options;
    this.#options = options;
    this.#closing = closing;
    this.#members = environments.map((environment, workerId) =>
      new PoolMember(
        workerId,
        nameOf(workerId, options),
        restarts && new RestartAllowance(restarts),
        environment,
      )
    );
  }

  /** All members, in order of their numbers. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /**
   * Begins all episodes anew; the next round has all members. If one fails, the
   * first error is thrown.
   */
  async reset(): Promise<void> {
    await Promise.all(this.#members.map(async (member) => {
      try {
        await member.environment.reset();
      } catch (error) {
        throw this.#named(member, error);
      }
    }));
    this.#arrivals.push(...this.#members);
  }

  /** The state of the world, where one environment has it all and tells it. */
  snapshot(): NamedArrays {
    const [first, ...others] = this.#members;
    if (others.length > 0) return {};
    return first.environment.snapshot?.() ?? {};
  }

  /**
   * Goes on from a snapshot; the next round has the records of that time once
   * more. Returns false where this is not possible, and throws a UserError if
   * the snapshot is one of another world.
   */
  restore(state: NamedArrays): boolean {
    const [first, ...others] = this.#members;
    if (others.length > 0 || !first.environment.restore) return false;
    first.environment.restore(state);
    this.#arrivals.push(first);
    return true;
  }

  /**
   * Resolves as soon as there is something to do, with all that there is by
   * then. Rejects with the error that ends the run.
   */
  async next(): Promise<Round> {
    while (!this.#isDue()) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const losses = this.#losses.splice(0);
    // What came before the failure is told before it.
    if (this.#failure && losses.length === 0) throw this.#failure.error;
    const arrivals = this.#hasArrivals() ? this.#arrivals.splice(0) : [];
    if (this.#options.lockstep) {
      arrivals.sort((a, b) => a.workerId - b.workerId);
    }
    return { losses, arrivals };
  }

  /** Starts the next step of a member of the latest round. */
  step({ workerId }: Member): void {
    const member = this.#members[workerId];
    try {
      const pending = member.environment.step();
      if (!pending) return this.#arrive(member);
      pending.then(
        () => this.#arrive(member),
        (error) => this.#stop(member, error),
      );
    } catch (error) {
      this.#stop(member, error);
    }
  }

  /** Closes all environments at the same time. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const closings = this.#members.map(async (member) => {
      await member.restart;
      await member.close();
    });
    await Promise.allSettled(closings);
    await Promise.all(closings);
  }

  get #live(): readonly PoolMember[] {
    return this.#members.filter(({ isLive }) => isLive);
  }

  #isDue(): boolean {
    return this.#failure !== null || this.#losses.length > 0 ||
      this.#hasArrivals();
  }

  /** Whether those that have arrived make a round. */
  #hasArrivals(): boolean {
    const wanted = this.#options.lockstep ? this.#live.length : 1;
    return this.#arrivals.length >= wanted;
  }

  #arrive(member: PoolMember): void {
    this.#arrivals.push(member);
    this.#wake();
  }

  /** Takes in that a member cannot go on, and decides what follows. */
  #stop(member: PoolMember, error: unknown): void {
    if (this.#closed || this.#failure) return;
    if (!(error instanceof EnvironmentLost)) this.#fail(member, error);
    else if (error.reason === "closed") this.#leave(member, error);
    else this.#lose(member, error);
    this.#wake();
  }

  #fail(member: PoolMember, error: unknown): void {
    this.#failure = { error: this.#named(member, error) };
  }

  /** Somebody closed the environment on purpose: the others go on. */
  #leave(member: PoolMember, error: EnvironmentLost): void {
    member.isLive = false;
    const left = this.#live.length;
    if (left === 0) return this.#fail(member, error);
    const others = left === 1 ? "The other goes" : `The other ${left} go`;
    this.#tell(member, error, `${others} on without it.`);
    // An error in this comes out when the pool is closed.
    member.close().catch(() => {});
  }

  #lose(member: PoolMember, error: EnvironmentLost): void {
    const { allowance } = member;
    if (!allowance) return this.#fail(member, error);
    const refusal = allowance.take();
    if (refusal) {
      const problems = [...error.problems, refusal];
      return this.#fail(member, new UserError(problems, { cause: error }));
    }
    this.#tell(member, error, `It is started again: ${allowance.describe()}.`);
    member.restart = this.#restart(member);
  }

  #tell(member: PoolMember, error: EnvironmentLost, measure: string): void {
    const problems = error.problems.map((each) =>
      describeProblem(namedProblem(member.name, each))
    );
    const message = [...problems, `  ${measure}`].join("\n");
    this.#losses.push({ member, message });
  }

  async #restart(member: PoolMember): Promise<void> {
    const { open, signal } = this.#options;
    try {
      await member.close();
      member.replace(await open(member.workerId, signal));
      await member.environment.reset();
    } catch (error) {
      return this.#stop(member, error);
    }
    this.#arrive(member);
  }

  /** The error with the member's name; whoever stops the run gives its own. */
  #named(member: Member, error: unknown): unknown {
    const { signal } = this.#options;
    return error === signal.reason ? error : namedError(member.name, error);
  }
}

function nameOf(
  workerId: number,
  { count }: EnvironmentPoolOptions,
): string | null {
  return count > 1 ? `player ${workerId}` : null;
}

import { UserError } from "../../../errors.ts";
import type { InfoFault } from "../player_world.ts";
import type { Call, Moment, Trouble, TroubleKind } from "./trouble.ts";

const infoFaults = ["nan-observation", "nan-reward", "shape"] as const;

const signals = ["SIGSEGV", "SIGKILL", "SIGABRT"] as const;

/** Milliseconds until the trainer has what was sent, as a rule. */
const arrival = 100;

/** How long a timer can wait at most; the process lives that long. */
const forever = 2 ** 31 - 1;

const mebibyte = 2 ** 20;

/** Which player of which life it is. */
export interface PlayerIdentity {
  readonly worker: number;
  /** Counts from 1; null = nobody counts. */
  readonly start: number | null;
}

/** What is to happen instead of a call. */
export type Interruption = "close" | "disconnect";

/** Makes the trouble that was asked for, when it is due. */
export class TroubleMaker {
  readonly #troubles: readonly Trouble[];
  readonly #log: (line: string) => void;
  readonly #noted = new Set<string>();

  /** Throws a UserError if starts matter and nobody counts them. */
  constructor(
    troubles: readonly Trouble[],
    { worker, start }: PlayerIdentity,
    log: (line: string) => void,
  ) {
    const uncounted = troubles.find((each) => each.start !== null);
    if (uncounted && start === null) {
      throw new UserError({
        what: "needs a record that starts are counted in",
        path: `--trouble ${uncounted.text}`,
        cure: "Add --record FILE.",
      });
    }
    this.#troubles = troubles.filter((each) =>
      (each.worker ?? worker) === worker && (each.start ?? start) === start
    );
    this.#log = log;
  }

  /** Waits or dies before a call; says what else is to come instead of it. */
  async before(moment: Moment): Promise<Interruption | null> {
    for (const trouble of this.#due(moment)) {
      switch (trouble.kind) {
        case "delay":
          this.#note(trouble);
          await wait(
            trouble.value === "forever"
              ? forever
              : 1000 * Number(trouble.value),
          );
          break;
        case "crash":
          await this.#die(trouble);
          break;
        case "close":
        case "disconnect":
          this.#note(trouble);
          return trouble.kind;
      }
    }
    return null;
  }

  /** Dies while the trainer has the call. */
  async during(call: Call): Promise<void> {
    for (const trouble of this.#due(call)) {
      if (trouble.kind !== "crash-in-call") continue;
      await wait(arrival);
      await this.#die(trouble);
    }
  }

  /** The fault of the first info of a message. */
  infoFault(call: Call): InfoFault | null {
    return infoFaults.find((fault) => this.#has(fault, call)) ?? null;
  }

  /** How much a message is to grow, in bytes. */
  padding(call: Call): number {
    const big = this.#due(call).find(({ kind }) => kind === "big");
    return big ? Number(big.value) * mebibyte : 0;
  }

  /** True if the message's side-channel bytes are to be cut off. */
  cuts(call: Call): boolean {
    return this.#has("cut", call);
  }

  /** True if the message is to hold one of an unknown side channel. */
  strays(call: Call): boolean {
    return this.#has("unknown-channel", call);
  }

  /** Lives on where a player should end. */
  async linger(): Promise<void> {
    const stubborn = this.#troubles.find(({ kind }) => kind === "ignore-quit");
    if (!stubborn) return;
    this.#note(stubborn);
    await wait(forever);
  }

  #has(kind: TroubleKind, call: Call): boolean {
    return this.#due(call).some((each) => each.kind === kind);
  }

  #due(moment: Moment): Trouble[] {
    return this.#troubles.filter((each) =>
      each.moment === moment ||
      (each.repeats && typeof moment === "number" &&
        typeof each.moment === "number" && moment > each.moment)
    );
  }

  #note({ text }: Trouble): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#log(`Trouble as asked for: ${text}`);
  }

  async #die(trouble: Trouble): Promise<void> {
    this.#note(trouble);
    const signal = signals.find((each) => each === trouble.value);
    if (!signal) Deno.exit(Number(trouble.value));
    // A runtime takes the first SIGSEGV for a fault of its own code.
    while (true) {
      Deno.kill(Deno.pid, signal);
      await wait(1);
    }
  }
}

/** Stays away from the trainer for good, but alive. */
export function sleepForever(): Promise<void> {
  return wait(forever);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

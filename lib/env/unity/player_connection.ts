import { UserError } from "../../errors.ts";
import { within } from "../../util/within.ts";
import { EnvironmentLost } from "../environment_lost.ts";
import { listenError } from "./listen_error.ts";
import { PlayerProcess, type PlayerProcessOptions } from "./player_process.ts";
import type { ProcessActivity } from "./process_activity.ts";
import { refusalError } from "./refusal_error.ts";
import { silenceError } from "./silence_error.ts";
import {
  type ExchangeListener,
  ExchangeServer,
  type Refusal,
} from "./wire/exchange_server.ts";

/** How to reach a player. */
export interface PlayerConnectionOptions {
  readonly port: number;
  /** Null = the player is the Unity Editor, which the user starts. */
  readonly process: Omit<PlayerProcessOptions, "port"> | null;
  /** Seconds to wait for each message of the player. */
  readonly timeoutWait: number;
  /** What to answer while we are closing. */
  readonly farewell: Uint8Array;
  /** Takes remarks that are worth showing but stop nothing. */
  readonly onNotice?: (message: string) => void;
  /** Ends all waiting, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Milliseconds for a player without connection to end. */
const EXIT_GRACE = 1000;
/** Milliseconds that a player has to quit when it is told to. */
const QUIT_GRACE = 5000;
/** The same in the handshake, in which Unity's players only hang up. */
const HANDSHAKE_GRACE = 500;
/** Milliseconds for the Editor to hang up when it is told to. */
const EDITOR_GRACE = 2000;
/** Milliseconds after which the user is told what is waited for. */
const NOTICE_TIME = 1000;
/**
 * Time-outs are counted in so many parts: time in which this program itself
 * was too busy to look at the wire, or asleep with the machine, counts as one
 * part at most.
 */
const TICKS = 20;
/** Milliseconds; of longer intervals timers make very short ones. */
const LONGEST_INTERVAL = 2 ** 31 - 1;

function stillWaiting(): UserError {
  return new UserError({
    what: "The environment is still in the step before",
    cure: "Wait for the end of each reset() and step(): await them.",
  });
}

/**
 * One player and the wire to it. A player that ends, drops the connection or
 * stays silent becomes an `EnvironmentLost` with its cause, in the exchange
 * that waits or in the next one.
 *
 * No wait is without a bound. An exchange takes `timeoutWait` seconds at most;
 * the end of the process, or a dropped connection, ends it within a second.
 * Closing takes 7 seconds at most: a player has 5 to obey the order to quit
 * (half a second in the handshake, none if it cannot have heard the order),
 * one more until it is ended by force, and what it was told and has said is
 * waited for no longer than another. Only while this program itself is kept
 * busy do these times stretch.
 */
export class PlayerConnection implements ExchangeListener {
  readonly #options: PlayerConnectionOptions;
  readonly #clock: ReturnType<typeof setInterval>;
  readonly #disconnected = Promise.withResolvers<void>();
  #server: ExchangeServer | null = null;
  #process: PlayerProcess | null = null;
  /** Resolves when the process has ended and its error is known. */
  #ended: Promise<void> = Promise.resolve();
  #hasConnected = false;
  /** A message that nobody has asked for yet. */
  #message: Uint8Array | null = null;
  #waiting: PromiseWithResolvers<Uint8Array> | null = null;
  #ticksLeft = TICKS;
  /** What the process had done when a long wait began. */
  #activity: ProcessActivity | null = null;
  #failure: unknown = null;
  /** True if the player cannot be expected to hear what it is told. */
  #isLost = false;
  #closed: Promise<void> | null = null;

  private constructor(options: PlayerConnectionOptions) {
    this.#options = options;
    const milliseconds = Math.min(
      options.timeoutWait * 1000 / TICKS,
      LONGEST_INTERVAL,
    );
    this.#clock = setInterval(this.#onTick, milliseconds);
    options.signal?.addEventListener("abort", this.#onAbort);
  }

  /**
   * Listens on the port, then starts the player. Throws a UserError if either
   * is not possible.
   */
  static async open(
    options: PlayerConnectionOptions,
  ): Promise<PlayerConnection> {
    const { port, process, signal } = options;
    signal?.throwIfAborted();
    const connection = new PlayerConnection(options);
    try {
      connection.#server = await ExchangeServer.listen(port, connection);
      if (process) connection.#start({ ...process, port });
    } catch (error) {
      await connection.close();
      throw listenError(port, process === null, error);
    }
    return connection;
  }

  /**
   * Answers the player's latest message, if there is one, and waits for the
   * next. Throws an EnvironmentLost that says why none comes, and a UserError
   * while another exchange is under way.
   */
  async exchange(reply: Uint8Array | null): Promise<Uint8Array> {
    if (this.#failure) throw this.#failure;
    this.checkIdle();
    const waiting = this.#waiting = Promise.withResolvers<Uint8Array>();
    this.#ticksLeft = TICKS;
    if (reply) this.#server?.reply(reply);
    if (this.#message) this.onMessage(this.#message);
    return await waiting.promise;
  }

  /** Throws a UserError while an exchange is under way. */
  checkIdle(): void {
    if (this.#waiting) throw stillWaiting();
  }

  /**
   * Tells the player to quit, makes sure that it does, and frees the port. In
   * the handshake (`isStarted` false) players do not quit when they are told
   * to, so they get less time.
   */
  close(isStarted = false): Promise<void> {
    return this.#closed ??= this.#close(isStarted);
  }

  /** Takes the player's messages from the server. */
  onMessage(message: Uint8Array): void {
    this.#hasConnected = true;
    if (this.#closed) this.#server?.reply(this.#options.farewell);
    else if (this.#waiting) {
      this.#message = null;
      this.#waiting.resolve(message);
      this.#waiting = null;
    } else this.#message = message;
  }

  /** Ends the wait: a player whose message is refused does not go on. */
  onRefusal(refusal: Refusal): void {
    this.#fail(refusalError(refusal));
  }

  /** Finds out why the player's connection is gone. */
  async onDisconnect(): Promise<void> {
    this.#disconnected.resolve();
    if (this.#closed) return;
    const process = this.#process;
    // A player that ends may lose its connection first: its exit says more.
    if (process) await within(EXIT_GRACE, this.#ended);
    this.#lose(
      new EnvironmentLost("disconnected", {
        what: "The connection to the Unity player was dropped",
        ...(process && { found: `its process ${process.pid} still runs` }),
        cure: process
          ? "Look into the player's log: it may have stopped training." +
            (process.logFile === null ? "" : ` ${process.logFile}`)
          : "Was play mode stopped in the Unity Editor?",
      }),
    );
  }

  #start(options: PlayerProcessOptions): void {
    const process = this.#process = new PlayerProcess(options);
    this.#ended = process.exitError().then((error) => this.#lose(error));
  }

  async #close(isStarted: boolean): Promise<void> {
    clearInterval(this.#clock);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#fail(
      new EnvironmentLost("closed", { what: "The environment was closed" }),
    );
    const isAsked = this.#server?.isAsked ?? false;
    const hears = isAsked || this.#hasConnected && !this.#isLost;
    if (isAsked) this.#server?.reply(this.#options.farewell);
    if (this.#process) await this.#stop(this.#process, hears, isStarted);
    else if (hears) await within(EDITOR_GRACE, this.#disconnected.promise);
    await this.#server?.close();
  }

  async #stop(
    process: PlayerProcess,
    hears: boolean,
    isStarted: boolean,
  ): Promise<void> {
    const grace = hears ? isStarted ? QUIT_GRACE : HANDSHAKE_GRACE : 0;
    const notice = setTimeout(() => {
      this.#options.onNotice?.(
        `Waiting for the Unity player (process ${process.pid}) to quit. ` +
          "If it does not, it is ended by force in " +
          `${(grace - NOTICE_TIME) / 1000} s.`,
      );
    }, NOTICE_TIME);
    if (grace < NOTICE_TIME) clearTimeout(notice);
    await process.stop(grace);
    clearTimeout(notice);
  }

  #lose(error: EnvironmentLost): void {
    this.#isLost = true;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = null;
  }

  #onAbort = (): void => this.#fail(this.#options.signal?.reason);

  #onTick = (): void => {
    if (!this.#waiting) return;
    const process = this.#process;
    // Not with each exchange: to look costs more than most of them.
    if (this.#ticksLeft === TICKS) this.#activity = process?.activity ?? null;
    if (--this.#ticksLeft > 0) return;
    const { timeoutWait, port } = this.#options;
    this.#lose(silenceError({
      port,
      timeoutWait,
      hasConnected: this.#hasConnected,
      process: process && {
        pid: process.pid,
        before: this.#activity,
        after: process.activity,
      },
    }));
  };
}

import { type Problem, UserError } from "../../errors.ts";
import type {
  ExchangeListener,
  ExchangeServer,
} from "./wire/exchange_server.ts";
import { PlayerProcess, type PlayerProcessOptions } from "./player_process.ts";

/** How to reach a player. */
export interface PlayerConnectionOptions {
  readonly port: number;
  /** Null = the player is the Unity Editor, which the user starts. */
  readonly process: Omit<PlayerProcessOptions, "port"> | null;
  /** Seconds to wait for each message of the player. */
  readonly timeoutWait: number;
  /** What to answer while we are closing. */
  readonly farewell: Uint8Array;
  /** Ends all waiting, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Milliseconds for a player to end or to take notice of what we say. */
const EXIT_GRACE = 2000;
/** Milliseconds that a player has to quit when it is told to. */
const QUIT_GRACE = 10_000;
/**
 * Time-outs are counted in so many parts: time in which this program itself
 * was too busy to look at the wire counts as one part at most.
 */
const TICKS = 20;

/**
 * One player and the wire to it. A player that ends, drops the connection or
 * stays silent becomes an error with its cause, in the exchange that waits or
 * in the next one.
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
  #failure: unknown = null;
  /** True if the player cannot be expected to quit when it is told to. */
  #isLost = false;
  #closed: Promise<void> | null = null;

  private constructor(options: PlayerConnectionOptions) {
    this.#options = options;
    const milliseconds = options.timeoutWait * 1000 / TICKS;
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
      // The gRPC library loads, and asks the environment, for players only.
      const { ExchangeServer } = await import("./wire/exchange_server.ts");
      connection.#server = await ExchangeServer.listen(port, connection);
      if (process) connection.#start({ ...process, port });
    } catch (error) {
      await connection.close();
      throw error;
    }
    return connection;
  }

  /**
   * Answers the player's latest message, if there is one, and waits for the
   * next. Throws a UserError that says why none comes.
   */
  exchange(reply: Uint8Array | null): Promise<Uint8Array> {
    if (this.#failure) return Promise.reject(this.#failure);
    const waiting = this.#waiting = Promise.withResolvers<Uint8Array>();
    this.#ticksLeft = TICKS;
    if (reply) this.#server?.reply(reply);
    if (this.#message) this.onMessage(this.#message);
    return waiting.promise;
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

  /** Finds out why the player's connection is gone. */
  async onDisconnect(): Promise<void> {
    this.#disconnected.resolve();
    if (this.#closed) return;
    // A player that ends loses its connection first: its exit says more.
    if (this.#process) await within(EXIT_GRACE, this.#ended);
    this.#lose({
      what: "The connection to the Unity player was dropped",
      cure: this.#process
        ? "Look into the player's log: it may have stopped training."
        : "Was play mode stopped in the Unity Editor?",
    });
  }

  #start(options: PlayerProcessOptions): void {
    const process = this.#process = new PlayerProcess(options);
    this.#ended = process.exitError().then((error) => this.#lose(error));
  }

  async #close(isStarted: boolean): Promise<void> {
    clearInterval(this.#clock);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#fail(new UserError({ what: "The environment has been closed" }));
    const grace = this.#isLost || !this.#hasConnected
      ? 0
      : isStarted
      ? QUIT_GRACE
      : EXIT_GRACE;
    if (this.#server?.isAsked) this.#server.reply(this.#options.farewell);
    if (this.#process) await this.#process.stop(grace);
    else await within(Math.min(grace, EXIT_GRACE), this.#disconnected.promise);
    this.#server?.close();
  }

  #lose(cause: UserError | Problem): void {
    this.#isLost = true;
    this.#fail(cause instanceof UserError ? cause : new UserError(cause));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = null;
  }

  #onAbort = (): void => this.#fail(this.#options.signal?.reason);

  #onTick = (): void => {
    if (!this.#waiting || --this.#ticksLeft > 0) return;
    const { timeoutWait, process, port } = this.#options;
    this.#lose(
      this.#hasConnected
        ? {
          what: `The Unity player has been silent for ${timeoutWait} s`,
          cure: "Does the game wait for something, or do its agents no " +
            "longer request decisions? Raise --timeout-wait if it is slow.",
        }
        : {
          what: `No Unity player has connected to port ${port} within ` +
            `${timeoutWait} s`,
          cure: process
            ? "Check that the game starts a scene with agents without " +
              'waiting for input, that their behavior type is "Default", ' +
              "that the versions fit, and use --no-graphics on a machine " +
              "without a screen."
            : "Press Play in the Unity Editor in time, in a scene whose " +
              'agents have the behavior type "Default".',
        },
    );
  };
}

/** Waits for `promise`, but no longer than `milliseconds`. */
async function within(
  milliseconds: number,
  promise: Promise<unknown>,
): Promise<void> {
  const timeIsOver = Promise.withResolvers<void>();
  const timer = setTimeout(timeIsOver.resolve, milliseconds);
  await Promise.race([promise, timeIsOver.promise]);
  clearTimeout(timer);
}

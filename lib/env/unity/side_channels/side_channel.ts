import { UserError } from "../../../errors.ts";
import { hexText, type SideChannelMessage } from "./framing.ts";
import { PayloadReader, PayloadWriter } from "./payload.ts";

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A channel for messages of your own, known to both sides by a UUID:
 *
 * ```ts
 * const heights = new Map<string, number>();
 * const trees = new SideChannel(
 *   "621f0a70-4f87-11ea-a6bf-784f4387d1f7",
 *   (message) => heights.set(message.string(), message.float32()),
 * );
 * trees.send((message) => message.string("plant").int32(3).bool(true));
 * ```
 *
 * The game registers a channel of the same UUID on its side. Make a channel for
 * each environment: one for two would send to whichever steps first.
 */
export class SideChannel {
  /** The UUID in small letters. */
  readonly id: string;
  readonly #onMessage: (message: PayloadReader) => void;
  readonly #waiting: SideChannelMessage[] = [];

  /**
   * `onMessage` is called for each message of the player, at the end of the
   * `reset` or `step` that it came with; without it they are ignored. Throws a
   * UserError if `id` is no UUID.
   */
  constructor(
    id: string,
    onMessage: (message: PayloadReader) => void = () => {},
  ) {
    this.id = id.toLowerCase();
    this.#onMessage = onMessage;
    if (uuidPattern.test(this.id)) return;
    throw new UserError({
      what: "A side channel's id is not a UUID",
      found: `"${id}"`,
      allowed: "a text such as 621f0a70-4f87-11ea-a6bf-784f4387d1f7",
    });
  }

  /**
   * Sends a message with the next `reset` or `step`; the player handles it
   * before the actions of that step. Bytes are sent as they are.
   */
  send(message: Uint8Array | ((message: PayloadWriter) => unknown)): void {
    const writer = new PayloadWriter();
    if (typeof message === "function") message(writer);
    else writer.raw(message);
    this.#waiting.push({ channel: this.id, payload: writer.finish() });
  }

  /** What waits to be sent, in the order of `send`; for the environment. */
  takeOutgoing(): SideChannelMessage[] {
    return this.#waiting.splice(0);
  }

  /**
   * Hands a message of the player over; for the environment. Throws a
   * UserError that names the channel and the bytes if the handler fails.
   */
  receive(payload: Uint8Array): void {
    try {
      this.#onMessage(new PayloadReader(payload));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError({
        what: `The handler of a side channel's message failed: ${reason}`,
        path: `side channel ${this.id}`,
        found: `${payload.length} bytes: ${hexText(payload)}`,
        cure: "Read the values that the player writes, in their order.",
      }, { cause: error });
    }
  }
}

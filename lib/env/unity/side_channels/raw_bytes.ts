import { SideChannel } from "./side_channel.ts";

/** A channel for bytes that mean something to your game alone. */
export class RawBytesChannel extends SideChannel {
  readonly #received: Uint8Array[];

  constructor(id: string) {
    const received: Uint8Array[] = [];
    super(id, (message) => received.push(message.raw()));
    this.#received = received;
  }

  /** The messages since the last call, in their order. */
  take(): Uint8Array[] {
    return this.#received.splice(0);
  }
}

import type { EnvironmentStatistic } from "../../env.ts";
import {
  Channel,
  joinMessages,
  type SideChannelMessage,
  splitMessages,
} from "./framing.ts";
import { readStatistic } from "./statistics.ts";

/** One player's side channels: what waits to be sent, and what came in. */
export class SideChannels {
  /** Messages for the next reply. */
  #outbox: SideChannelMessage[] = [];
  #statistics: EnvironmentStatistic[] = [];
  readonly #unknownChannels = new Set<string>();
  readonly #onNotice: (message: string) => void;

  /** Tells `onNotice` once of each channel that is not known. */
  constructor(onNotice: (message: string) => void) {
    this.#onNotice = onNotice;
  }

  /** Adds messages to the next reply. */
  send(messages: readonly SideChannelMessage[]): void {
    this.#outbox.push(...messages);
  }

  /** The bytes for a reply; they are sent only once. */
  takeOutgoing(): Uint8Array {
    return joinMessages(this.#outbox.splice(0));
  }

  /** Statistics reported since the last call. */
  takeStatistics(): EnvironmentStatistic[] {
    return this.#statistics.splice(0);
  }

  /** Takes in the side-channel bytes of a player's message. */
  receive(block: Uint8Array): void {
    for (const { channel, payload } of splitMessages(block)) {
      if (channel === Channel.statistics) {
        this.#statistics.push(readStatistic(payload));
      } else if (!this.#unknownChannels.has(channel)) {
        this.#unknownChannels.add(channel);
        this.#onNotice(
          `The player uses side channel ${channel}, which is not known here; ` +
            "its messages are ignored.",
        );
      }
    }
  }
}

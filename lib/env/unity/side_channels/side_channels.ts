import { UserError } from "../../../errors.ts";
import {
  EngineConfigurationChannel,
  type EngineSettings,
} from "./engine_configuration.ts";
import { EnvironmentParametersChannel } from "./environment_parameters.ts";
import {
  joinMessages,
  type SideChannelMessage,
  splitMessages,
} from "./framing.ts";
import type { SideChannel } from "./side_channel.ts";
import { StatisticsChannel } from "./statistics.ts";

export interface SideChannelOptions {
  /** Channels of the user. */
  readonly sideChannels?: readonly SideChannel[];
  /** What the engine is set to with the first reset. */
  readonly engine?: Partial<EngineSettings>;
  /** Takes remarks that are worth showing but stop nothing. */
  readonly onNotice?: (message: string) => void;
}

/** All side channels of one player, in the order in which they send. */
export class SideChannels {
  readonly parameters = new EnvironmentParametersChannel();
  readonly engine = new EngineConfigurationChannel();
  readonly statistics = new StatisticsChannel();
  readonly #channels = new Map<string, SideChannel>();
  /** Of the latest block, messages for channels that are not known yet. */
  #unclaimed: SideChannelMessage[] = [];
  readonly #reported = new Set<string>();
  readonly #onNotice: (message: string) => void;

  constructor(options: SideChannelOptions) {
    const { sideChannels = [], engine = {}, onNotice = () => {} } = options;
    this.#onNotice = onNotice;
    this.engine.set(engine);
    for (const channel of [this.parameters, this.engine, this.statistics]) {
      this.add(channel);
    }
    for (const channel of sideChannels) this.add(channel);
  }

  /**
   * Adds a channel, which gets the latest messages for it at once. Throws a
   * UserError if there is one of its id.
   */
  add(channel: SideChannel): void {
    const { id } = channel;
    if (this.#channels.has(id)) {
      throw new UserError({
        what: "An environment cannot have two side channels of one id",
        path: `side channel ${id}`,
        cure: "Give each channel a UUID of its own. The engine, environment " +
          "parameters and statistics have theirs already.",
      });
    }
    this.#channels.set(id, channel);
    const messages = this.#unclaimed;
    this.#unclaimed = messages.filter((message) => message.channel !== id);
    for (const message of messages) {
      if (message.channel === id) channel.receive(message.payload);
    }
  }

  /** The bytes for a reply; they are sent only once. */
  takeOutgoing(): Uint8Array {
    const channels = [...this.#channels.values()];
    return joinMessages(channels.flatMap((each) => each.takeOutgoing()));
  }

  /**
   * Hands over the side-channel bytes of a player's message. A message for an
   * unknown channel is kept until the next block, as its channel may be added
   * meanwhile; after that `onNotice` is told, once for each channel.
   */
  receive(block: Uint8Array): void {
    for (const { channel } of this.#unclaimed) this.#report(channel);
    this.#unclaimed = [];
    for (const message of splitMessages(block)) {
      const channel = this.#channels.get(message.channel);
      if (channel) channel.receive(message.payload);
      else this.#unclaimed.push(message);
    }
  }

  #report(channel: string): void {
    if (this.#reported.has(channel)) return;
    this.#reported.add(channel);
    this.#onNotice(
      `The player uses side channel ${channel}, which is not known here; ` +
        "its messages are ignored.",
    );
  }
}

import { Buffer } from "node:buffer";
import { UserError } from "../../errors.ts";
import { readParameter } from "../unity/side_channels/environment_parameters.ts";
import {
  Channel,
  type SideChannelMessage,
  splitMessages,
} from "../unity/side_channels/framing.ts";
import { PayloadReader } from "../unity/side_channels/payload.ts";
import type { PlayerRecord, RecordedEvent } from "./player_record.ts";
import type { PlayerWorld } from "./player_world.ts";

/** Unity takes notice of it in analytics, which nobody gathers here. */
const analytics = "b664a4a9-d86f-5a5f-95cb-e8353a7e8356";

/** By their numbers on the wire; 0 is the window's size. */
const engineSettings = [
  "resolution",
  "qualityLevel",
  "timeScale",
  "targetFrameRate",
  "captureFrameRate",
];

/** The player's end of the side channels: what the trainer sends. */
export class PlayerChannels {
  readonly #world: PlayerWorld;
  readonly #record: PlayerRecord;
  readonly #log: (line: string) => void;

  constructor(
    world: PlayerWorld,
    record: PlayerRecord,
    log: (line: string) => void,
  ) {
    this.#world = world;
    this.#record = record;
    this.#log = log;
  }

  /**
   * Handles a block of messages. Throws a UserError if the block is damaged;
   * what is wrong within a message is noted in the log, as Unity does.
   */
  receive(block: Uint8Array): void {
    for (const message of splitMessages(block)) {
      try {
        this.#handle(message);
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof UserError)) {
          throw error;
        }
        this.#log(`Side channel ${message.channel}: ${error.message}`);
      }
    }
  }

  #handle({ channel, payload }: SideChannelMessage): void {
    if (channel === Channel.engineConfiguration) {
      this.#record.add(readEngineSetting(payload));
    } else if (channel === Channel.environmentParameters) {
      const [name, parameter] = readParameter(payload);
      this.#record.add({ event: "parameter", name, parameter });
      this.#world.setParameter(name, parameter);
    } else {
      this.#record.add({
        event: "message",
        channel,
        payload: Buffer.from(payload).toString("hex"),
      });
      const isKnown = this.#world.receive({ channel, payload }) ||
        channel === analytics;
      if (!isKnown) this.#log(`There is no side channel ${channel}.`);
    }
  }
}

function readEngineSetting(payload: Uint8Array): RecordedEvent {
  const reader = new PayloadReader(payload);
  const type = reader.int32();
  const setting = engineSettings[type];
  switch (setting) {
    case undefined:
      throw new UserError({ what: `There is no engine setting ${type}` });
    case "resolution":
      return {
        event: "engine",
        setting,
        width: reader.int32(),
        height: reader.int32(),
      };
    case "timeScale":
      return { event: "engine", setting, value: reader.float32() };
    default:
      return { event: "engine", setting, value: reader.int32() };
  }
}

import { writeBrainParameters } from "../unity/messages/brain_parameters.ts";
import { writeHeader } from "../unity/messages/envelope.ts";
import type { MessageWriter } from "../unity/messages/message_writer.ts";
import {
  InitializationOutput,
  MapEntry,
  RlOutput,
  Status,
  UnityMessage,
  UnityOutput,
} from "../unity/messages/tags.ts";
import { joinMessages } from "../unity/side_channels/framing.ts";
import { statisticMessages } from "../unity/side_channels/statistics.ts";
import type { Dialect } from "./dialect.ts";
import type { PlayerWorld, WorldBehavior } from "./player_world.ts";

/** What is to be wrong with a message. */
export interface MessageFaults {
  /** Bytes that say nothing but have to be carried. */
  readonly padding: number;
  /** The side-channel bytes are cut off. */
  readonly cuts: boolean;
  /** There is a message of a side channel that nobody knows. */
  readonly strays: boolean;
}

/** A field that no message has; readers skip it. */
const unknownField = (1000 << 3) | 2;

const unknownChannel = "11111111-2222-3333-4444-555555555555";

/** Bytes that are missing at the end of side channels that are cut. */
const missingBytes = 3;

/** Writes a player's messages that tell of agents. */
export class PlayerMessageWriter {
  /** Behaviors that the trainer has been told the actions of. */
  readonly described = new Set<string>();
  readonly #writer: MessageWriter;
  readonly #world: PlayerWorld;
  readonly #dialect: Dialect;

  constructor(writer: MessageWriter, world: PlayerWorld, dialect: Dialect) {
    this.#writer = writer;
    this.#world = world;
    this.#dialect = dialect;
  }

  /** Writes what there is to tell: all lists, also empty ones. */
  write(faults: MessageFaults): void {
    const behaviors = [...this.#world.behaviors.values()];
    const newcomers = behaviors.filter(({ name, infoCount }) =>
      infoCount > 0 && !this.described.has(name)
    );
    const writer = this.#writer.clear();
    writeHeader(writer, Status.ok);
    const output = writer.open(UnityMessage.unityOutput);
    const rlOutput = writer.open(UnityOutput.rlOutput);
    for (const behavior of behaviors) {
      const entry = writer.open(RlOutput.agentInfos);
      writer.string(MapEntry.key, behavior.name);
      const list = writer.open(MapEntry.value);
      behavior.writeInfos(writer);
      writer.close(list);
      writer.close(entry);
    }
    const sideChannel = this.#sideChannel(faults);
    if (sideChannel.length > 0) {
      writer.bytes(RlOutput.sideChannel, sideChannel);
    }
    writer.close(rlOutput);
    this.#describe(newcomers);
    writer.close(output);
    if (faults.padding > 0) {
      writer.bytes(unknownField, new Uint8Array(faults.padding));
    }
  }

  /** Adds the actions of behaviors that are told of for the first time. */
  #describe(behaviors: readonly WorldBehavior[]): void {
    if (behaviors.length === 0) return;
    const message = this.#writer.open(UnityOutput.initialization);
    for (const behavior of behaviors) {
      this.described.add(behavior.name);
      writeBrainParameters(
        this.#writer,
        InitializationOutput.brainParameters,
        behavior,
        this.#dialect.specFields,
      );
    }
    this.#writer.close(message);
  }

  #sideChannel({ cuts, strays }: MessageFaults): Uint8Array {
    const messages = this.#world.takeMessages();
    if (strays) {
      messages.push({ channel: unknownChannel, payload: Uint8Array.of(1) });
    }
    if (!cuts) return joinMessages(messages);
    const last = { name: "cut", value: 1, aggregation: "average" } as const;
    const block = joinMessages([...messages, ...statisticMessages([last])]);
    return block.subarray(0, block.length - missingBytes);
  }
}

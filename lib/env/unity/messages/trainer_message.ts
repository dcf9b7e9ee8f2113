/** What a trainer sends: `UnityMessageProto` with a `UnityInputProto`. */
import {
  type NamedPart,
  readCapabilities,
  readMapEntry,
  readStatus,
  writeCapabilities,
  writeHeader,
} from "./envelope.ts";
import { type Reader, readFields, readNested } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import {
  type Capability,
  Command,
  InitializationInput,
  MapEntry,
  RlInput,
  Status,
  UnityInput,
  UnityMessage,
} from "./tags.ts";

/** The trainer's part of the handshake. */
export interface TrainerGreeting {
  /** For the player's random numbers. */
  readonly seed: number;
  readonly communicationVersion: string;
  readonly packageVersion: string;
  /** Copies of the training area that the player is to make. */
  readonly numAreas: number;
}

/** A greeting with what the player must know of the trainer's abilities. */
export interface ReceivedGreeting extends TrainerGreeting {
  /** What the trainer can do; null = it has not said. */
  readonly capabilities: ReadonlySet<Capability> | null;
}

/** A trainer's message, its actions still unread. */
export interface TrainerMessage {
  readonly status: number;
  /** Only in the first message of a trainer. */
  readonly greeting: ReceivedGreeting | null;
  /** False = the message tells the player nothing to do. */
  readonly hasInput: boolean;
  readonly command: number;
  /** One `ListAgentActionProto` for each behavior that the message names. */
  readonly agentActions: readonly NamedPart[];
  readonly sideChannel: Uint8Array;
}

/** Reads a reply up to its agents. */
export function readTrainerMessage(reader: Reader): TrainerMessage {
  let status = 0;
  let greeting: ReceivedGreeting | null = null;
  let hasInput = false;
  let command: number = Command.step;
  let sideChannel: Uint8Array = new Uint8Array();
  const agentActions: NamedPart[] = [];

  const rlInput = (tag: number) => {
    if (tag === RlInput.agentActions) agentActions.push(readMapEntry(reader));
    else if (tag === RlInput.command) command = reader.int32();
    else if (tag === RlInput.sideChannel) sideChannel = reader.bytes();
    else return false;
  };
  const unityInput = (tag: number) => {
    if (tag === UnityInput.rlInput) {
      hasInput = true;
      readNested(reader, rlInput);
    } else if (tag === UnityInput.initialization) {
      greeting = readGreeting(reader);
    } else return false;
  };
  readFields(reader, reader.len, (tag) => {
    if (tag === UnityMessage.header) status = readStatus(reader);
    else if (tag === UnityMessage.unityInput) readNested(reader, unityInput);
    else return false;
  });
  return {
    status,
    greeting,
    hasInput,
    command,
    agentActions,
    sideChannel,
  };
}

function readGreeting(reader: Reader): ReceivedGreeting {
  let seed = 0;
  let communicationVersion = "";
  let packageVersion = "";
  let numAreas = 0;
  let capabilities: Set<Capability> | null = null;
  readNested(reader, (tag) => {
    switch (tag) {
      case InitializationInput.seed:
        seed = reader.int32();
        break;
      case InitializationInput.communicationVersion:
        communicationVersion = reader.string();
        break;
      case InitializationInput.packageVersion:
        packageVersion = reader.string();
        break;
      case InitializationInput.numAreas:
        numAreas = reader.int32();
        break;
      case InitializationInput.capabilities:
        capabilities = readCapabilities(reader);
        break;
      default:
        return false;
    }
  });
  return {
    seed,
    communicationVersion,
    packageVersion,
    numAreas,
    capabilities,
  };
}

/** Writes the answer to a player's first message. */
export function writeTrainerGreeting(
  writer: MessageWriter,
  greeting: TrainerGreeting,
): void {
  writeHeader(writer, Status.ok);
  const input = writer.open(UnityMessage.unityInput);
  const message = writer.open(UnityInput.initialization);
  writer.int32(InitializationInput.seed, greeting.seed);
  writer.string(
    InitializationInput.communicationVersion,
    greeting.communicationVersion,
  );
  writer.string(InitializationInput.packageVersion, greeting.packageVersion);
  writeCapabilities(writer, InitializationInput.capabilities);
  writer.int32(InitializationInput.numAreas, greeting.numAreas);
  writer.close(message);
  writer.close(input);
}

/** A behavior whose agents get actions. */
export interface ActionSource {
  /** The full name in UTF-8. */
  readonly encodedName: Uint8Array;
  /** Writes one `AgentActionProto` for each agent that waits for one. */
  writeActions(writer: MessageWriter): void;
}

/** Writes what the player is to do next. */
export function writeTrainerStep(
  writer: MessageWriter,
  command: number,
  behaviors: Iterable<ActionSource>,
  sideChannel: Uint8Array,
): void {
  writeHeader(writer, Status.ok);
  const input = writer.open(UnityMessage.unityInput);
  const rlInput = writer.open(UnityInput.rlInput);
  for (const behavior of behaviors) {
    const entry = writer.open(RlInput.agentActions);
    writer.bytes(MapEntry.key, behavior.encodedName);
    const list = writer.open(MapEntry.value);
    behavior.writeActions(writer);
    writer.close(list);
    writer.close(entry);
  }
  writer.int32(RlInput.command, command);
  if (sideChannel.length > 0) writer.bytes(RlInput.sideChannel, sideChannel);
  writer.close(rlInput);
  writer.close(input);
}

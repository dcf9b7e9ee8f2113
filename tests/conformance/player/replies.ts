/** What a raw trainer answers. */
import {
  writeCapabilities,
  writeHeader,
} from "../../../lib/env/unity/messages/envelope.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  AgentAction,
  AgentList,
  type Capability,
  Command,
  InitializationInput,
  MapEntry,
  RlInput,
  Status,
  UnityInput,
  UnityMessage,
} from "../../../lib/env/unity/messages/tags.ts";

/** One agent's action; the legacy field holds both kinds unless it is given. */
export interface Action {
  readonly legacy?: readonly number[];
  readonly continuous?: readonly number[];
  readonly discrete?: readonly number[];
}

function message(write: (writer: MessageWriter) => void): Uint8Array {
  const writer = new MessageWriter();
  write(writer);
  return writer.message.slice();
}

export interface Greeting {
  readonly seed?: number;
  readonly areas?: number;
  readonly communication?: string;
  readonly library?: string;
  /** Null = not said at all. */
  readonly capabilities?: readonly Capability[] | null;
}

const everything: readonly Capability[] = [
  "base",
  "concatenatedPngs",
  "compressedChannelMapping",
  "hybridActions",
  "trainingAnalytics",
  "variableLengthObservations",
  "multiAgentGroups",
];

/** The answer to call 1. */
export function greetingReply(greeting: Greeting): Uint8Array {
  const { capabilities = everything } = greeting;
  return message((writer) => {
    writeHeader(writer, Status.ok);
    const input = writer.open(UnityMessage.unityInput);
    const body = writer.open(UnityInput.initialization);
    writer.int32(InitializationInput.seed, greeting.seed ?? 5);
    writer.string(
      InitializationInput.communicationVersion,
      greeting.communication ?? "1.5.0",
    );
    writer.string(
      InitializationInput.packageVersion,
      greeting.library ?? "0.20.0",
    );
    if (capabilities) {
      writeCapabilities(writer, InitializationInput.capabilities, capabilities);
    }
    writer.int32(InitializationInput.numAreas, greeting.areas ?? 1);
    writer.close(body);
    writer.close(input);
  });
}

/** STEP with actions, RESET or QUIT. */
export function stepReply(
  { command = Command.step, actions = {}, sideChannel }: {
    command?: number;
    actions?: Readonly<Record<string, readonly Action[]>>;
    sideChannel?: Uint8Array;
  },
): Uint8Array {
  return message((writer) => {
    writeHeader(writer, Status.ok);
    const input = writer.open(UnityMessage.unityInput);
    const body = writer.open(UnityInput.rlInput);
    for (const [behavior, agents] of Object.entries(actions)) {
      const entry = writer.open(RlInput.agentActions);
      writer.string(MapEntry.key, behavior);
      const list = writer.open(MapEntry.value);
      for (const agent of agents) writeAction(writer, agent);
      writer.close(list);
      writer.close(entry);
    }
    writer.int32(RlInput.command, command);
    if (sideChannel) writer.bytes(RlInput.sideChannel, sideChannel);
    writer.close(body);
    writer.close(input);
  });
}

function writeAction(
  writer: MessageWriter,
  { continuous = [], discrete = [], legacy }: Action,
): void {
  const action = writer.open(AgentList.value);
  const both = Float32Array.from(legacy ?? [...continuous, ...discrete]);
  writer.floats(AgentAction.legacyActions, both, 0, both.length);
  const values = Float32Array.from(continuous);
  writer.floats(AgentAction.continuous, values, 0, values.length);
  writer.int32s(AgentAction.discrete, discrete);
  writer.close(action);
}

/** A status and nothing else: 400 ends the player. */
export function statusReply(status: number): Uint8Array {
  return message((writer) => writeHeader(writer, status));
}

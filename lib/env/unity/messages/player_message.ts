/** What a player sends: `UnityMessageProto` with a `UnityOutputProto`. */
import { EnvironmentLost } from "../../environment_lost.ts";
import {
  type BehaviorDescription,
  readBrainParameters,
} from "./brain_parameters.ts";
import {
  allCapabilities,
  type NamedPart,
  readMapEntry,
  readStatus,
  writeCapabilities,
  writeHeader,
} from "./envelope.ts";
import { type Reader, readFields, readNested } from "./message_reader.ts";
import type { MessageWriter } from "./message_writer.ts";
import {
  type Capability,
  InitializationOutput,
  RlOutput,
  Status,
  UnityMessage,
  UnityOutput,
} from "./tags.ts";

/** A player's message, its agents still unread. */
export interface PlayerMessage {
  readonly status: number;
  /** Only in the first message of a player. */
  readonly versions: PlayerVersions | null;
  /** Behaviors that appear for the first time. */
  readonly behaviors: readonly BehaviorDescription[];
  /** One `ListAgentInfoProto` for each behavior that the message names. */
  readonly agentInfos: readonly NamedPart[];
  readonly sideChannel: Uint8Array;
}

export interface PlayerVersions {
  /** Version of the protocol, such as `1.5.0`. */
  readonly communication: string;
  /** Version of the Unity package, such as `3.0.0`. */
  readonly package: string;
}

/** Reads a request up to its agents. */
export function readPlayerMessage(reader: Reader): PlayerMessage {
  let status = 0;
  let communication = "";
  let packageVersion = "";
  let sideChannel: Uint8Array = new Uint8Array();
  const behaviors: BehaviorDescription[] = [];
  const agentInfos: NamedPart[] = [];

  const rlOutput = (tag: number) => {
    if (tag === RlOutput.agentInfos) agentInfos.push(readMapEntry(reader));
    else if (tag === RlOutput.sideChannel) sideChannel = reader.bytes();
    else return false;
  };
  const initialization = (tag: number) => {
    if (tag === InitializationOutput.communicationVersion) {
      communication = reader.string();
    } else if (tag === InitializationOutput.packageVersion) {
      packageVersion = reader.string();
    } else if (tag === InitializationOutput.brainParameters) {
      behaviors.push(readBrainParameters(reader));
    } else return false;
  };
  const unityOutput = (tag: number) => {
    if (tag === UnityOutput.rlOutput) readNested(reader, rlOutput);
    else if (tag === UnityOutput.initialization) {
      readNested(reader, initialization);
    } else return false;
  };
  readFields(reader, reader.len, (tag) => {
    if (tag === UnityMessage.header) status = readStatus(reader);
    else if (tag === UnityMessage.unityOutput) {
      readNested(reader, unityOutput);
    } else return false;
  });
  return {
    status,
    versions: communication === ""
      ? null
      : { communication, package: packageVersion },
    behaviors,
    agentInfos,
    sideChannel,
  };
}

/** Throws an EnvironmentLost if a player has said that it quits. */
export function checkOpen({ status }: PlayerMessage): void {
  if (status === Status.ok) return;
  throw new EnvironmentLost("closed", {
    what: "The Unity player has closed the connection and quits",
    cure: "Was its window closed, or play mode stopped?",
  });
}

/** Writes a player's first message: who it is and what it can do. */
export function writePlayerGreeting(
  writer: MessageWriter,
  versions: PlayerVersions,
  capabilities: readonly Capability[] = allCapabilities,
): void {
  writeHeader(writer, Status.ok);
  const output = writer.open(UnityMessage.unityOutput);
  const message = writer.open(UnityOutput.initialization);
  writer.string(InitializationOutput.name, "AcademySingleton");
  writer.string(
    InitializationOutput.communicationVersion,
    versions.communication,
  );
  writer.string(InitializationOutput.packageVersion, versions.package);
  writeCapabilities(writer, InitializationOutput.capabilities, capabilities);
  writer.close(message);
  writer.close(output);
}

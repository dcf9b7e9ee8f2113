/** A player whose every message is written by a test. */
import assert from "node:assert/strict";
import { ExchangeClient } from "../../../lib/env/unity/wire/exchange_client.ts";
import {
  writeBrainParameters,
} from "../../../lib/env/unity/messages/brain_parameters.ts";
import { writeHeader } from "../../../lib/env/unity/messages/envelope.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import {
  writePlayerGreeting,
} from "../../../lib/env/unity/messages/player_message.ts";
import {
  AgentInfo,
  AgentList,
  CompressionType,
  FloatData,
  InitializationOutput,
  MapEntry,
  Observation,
  ObservationKind,
  RlOutput,
  Status,
  UnityMessage,
  UnityOutput,
} from "../../../lib/env/unity/messages/tags.ts";
import {
  readTrainerMessage,
  type TrainerMessage,
} from "../../../lib/env/unity/messages/trainer_message.ts";
import type { ActionSpec } from "../../../lib/spec.ts";

/** What one sensor sends beside the most ordinary vector. */
export interface SensorOutput {
  /** As the player announces it. */
  readonly shape: readonly number[];
  readonly values?: readonly number[];
  /** PNG files, end to end, instead of values. */
  readonly pngs?: Uint8Array;
  readonly mapping?: readonly number[];
  readonly properties?: readonly number[];
  readonly goal?: boolean;
}

/** What one agent sends. */
export interface Info {
  readonly id: number;
  readonly reward?: number;
  readonly done?: boolean;
  readonly interrupted?: boolean;
  /** Of each sensor; a vector's values alone say enough. */
  readonly observations: readonly (readonly number[] | SensorOutput)[];
  /** 1 = forbidden. */
  readonly mask?: readonly number[];
  readonly groupId?: number;
  readonly groupReward?: number;
}

/** What one message holds. */
export interface Output {
  readonly status?: number;
  readonly infos?: Readonly<Record<string, readonly Info[]>>;
  readonly specs?: Readonly<Record<string, ActionSpec>>;
  readonly sideChannel?: Uint8Array;
  /** Of all observations; one dimension as long as the values without it. */
  readonly shape?: readonly number[];
}

/** Writes one behavior's agents as an entry of `agentInfos`. */
export function writeInfos(
  writer: MessageWriter,
  behavior: string,
  infos: readonly Info[],
  shape?: readonly number[],
): void {
  const entry = writer.open(RlOutput.agentInfos);
  writer.string(MapEntry.key, behavior);
  const list = writer.open(MapEntry.value);
  for (const info of infos) {
    const message = writer.open(AgentList.value);
    writer.float(AgentInfo.reward, info.reward ?? 0);
    writer.bool(AgentInfo.done, info.done ?? false);
    writer.bool(AgentInfo.maxStepReached, info.interrupted ?? false);
    writer.int32(AgentInfo.id, info.id);
    writer.int32s(AgentInfo.actionMask, info.mask ?? []);
    info.observations.forEach((given, sensor) => {
      const output = "shape" in given
        ? given
        : { shape: shape ?? [given.length], values: given };
      writeObservation(writer, output, `sensor ${sensor}`);
    });
    writer.int32(AgentInfo.groupId, info.groupId ?? 0);
    writer.float(AgentInfo.groupReward, info.groupReward ?? 0);
    writer.close(message);
  }
  writer.close(list);
  writer.close(entry);
}

function writeObservation(
  writer: MessageWriter,
  output: SensorOutput,
  name: string,
): void {
  const { shape, values = [], pngs, mapping = [], properties = [] } = output;
  const observation = writer.open(AgentInfo.observations);
  writer.int32s(Observation.shape, shape);
  if (pngs) {
    writer.int32(Observation.compressionType, CompressionType.png);
    writer.bytes(Observation.compressedData, pngs);
  } else {
    const data = writer.open(Observation.floatData);
    writer.floats(FloatData.data, Float32Array.from(values), 0, values.length);
    writer.close(data);
  }
  writer.int32s(Observation.compressedChannelMapping, mapping);
  writer.int32s(Observation.dimensionProperties, properties);
  writer.int32(
    Observation.observationType,
    output.goal ? ObservationKind.goal : ObservationKind.default,
  );
  writer.string(Observation.name, name);
  writer.close(observation);
}

/** Writes a whole message. */
export function writeOutput(writer: MessageWriter, message: Output): void {
  writeHeader(writer, message.status ?? Status.ok);
  const output = writer.open(UnityMessage.unityOutput);
  const rlOutput = writer.open(UnityOutput.rlOutput);
  for (const [behavior, infos] of Object.entries(message.infos ?? {})) {
    writeInfos(writer, behavior, infos, message.shape);
  }
  if (message.sideChannel) {
    writer.bytes(RlOutput.sideChannel, message.sideChannel);
  }
  writer.close(rlOutput);
  const initialization = writer.open(UnityOutput.initialization);
  for (const [name, actionSpec] of Object.entries(message.specs ?? {})) {
    const tag = InitializationOutput.brainParameters;
    writeBrainParameters(writer, tag, { name, actionSpec });
  }
  writer.close(initialization);
  writer.close(output);
}

/** A trainer's answer, with its bytes to look closer at. */
export type Answer = TrainerMessage & { readonly bytes: Uint8Array };

/** A client that says what it is told to say. */
export class FakePlayer {
  readonly #writer = new MessageWriter();

  private constructor(readonly client: ExchangeClient) {}

  /** Connects as soon as a trainer listens on the port. */
  static async connect(port: number): Promise<FakePlayer> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const client = await ExchangeClient.connect(port);
      if (client) return new FakePlayer(client);
      await delay(5);
    }
    assert.fail(`nobody listens on port ${port}`);
  }

  /** The first call. */
  greet(communication = "1.5.0", packageVersion = "3.0.0"): Promise<Answer> {
    const versions = { communication, package: packageVersion };
    writePlayerGreeting(this.#writer.clear(), versions);
    return this.sendBytes(this.#writer.message);
  }

  /** The second call: the answer comes with the trainer's first reset. */
  ready(): Promise<Answer> {
    writeHeader(this.#writer.clear(), Status.ok);
    return this.sendBytes(this.#writer.message);
  }

  send(message: Output): Promise<Answer> {
    writeOutput(this.#writer.clear(), message);
    return this.sendBytes(this.#writer.message);
  }

  async sendBytes(message: Uint8Array): Promise<Answer> {
    const bytes = await this.client.exchange(message);
    return { ...readTrainerMessage(Reader.create(bytes)), bytes };
  }
}

/** A port that nobody uses at the moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

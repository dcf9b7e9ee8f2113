/**
 * Messages to columns and back, as in one exchange: agents with 8 floats and 2
 * continuous actions, agents with a camera, one very large message.
 */
import { createAgentColumns } from "../../../../lib/env/columns.ts";
import { BehaviorIntake } from "../../../../lib/env/unity/behavior_intake.ts";
import { readAgentActions } from "../../../../lib/env/unity/messages/agent_actions.ts";
import {
  AgentInfoWriter,
  writeAgentInfo,
} from "../../../../lib/env/unity/messages/agent_info_writer.ts";
import {
  writeBrainParameters,
} from "../../../../lib/env/unity/messages/brain_parameters.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  ObservationWriter,
} from "../../../../lib/env/unity/messages/observation_writer.ts";
import {
  readPlayerMessage,
} from "../../../../lib/env/unity/messages/player_message.ts";
import {
  InitializationOutput,
  MapEntry,
  RlOutput,
  UnityMessage,
  UnityOutput,
} from "../../../../lib/env/unity/messages/tags.ts";
import {
  readTrainerMessage,
  writeTrainerStep,
} from "../../../../lib/env/unity/messages/trainer_message.ts";
import {
  type BehaviorSpec,
  type ObservationSpec,
  vectorObservation,
} from "../../../../lib/spec.ts";
import { RandomGenerator } from "../../../../lib/util/random.ts";
import { makePng } from "../images/make_png.ts";

const name = "Bench?team=0";
const actionSpec = { continuousSize: 2, discreteBranches: [] };

/** Writes a request with one behavior, whose agents `writeInfos` adds. */
function writeRequest(
  writer: MessageWriter,
  writeInfos: () => void,
  isFirst = false,
): Uint8Array {
  writer.clear();
  const output = writer.open(UnityMessage.unityOutput);
  const rlOutput = writer.open(UnityOutput.rlOutput);
  const entry = writer.open(RlOutput.agentInfos);
  writer.string(MapEntry.key, name);
  const list = writer.open(MapEntry.value);
  writeInfos();
  writer.close(list);
  writer.close(entry);
  writer.close(rlOutput);
  if (isFirst) {
    const initialization = writer.open(UnityOutput.initialization);
    const tag = InitializationOutput.brainParameters;
    writeBrainParameters(writer, tag, { name, actionSpec });
    writer.close(initialization);
  }
  writer.close(output);
  return writer.message;
}

/** A trainer's side that has seen the first of these requests. */
function open(writer: MessageWriter, writeInfos: () => void) {
  const intake = new BehaviorIntake({ packageVersion: "4.1.0" });
  const receive = (bytes: Uint8Array) => {
    const reader = Reader.create(bytes);
    intake.receive(readPlayerMessage(reader), reader);
  };
  receive(writeRequest(writer, writeInfos, true).slice());
  const request = writeRequest(writer, writeInfos).slice();
  return { intake, request, receive: () => receive(request) };
}

function vectors(count: number, size: number, group: string) {
  const spec: BehaviorSpec = {
    observationSpecs: [vectorObservation(size)],
    actionSpec,
  };
  const columns = createAgentColumns(spec, count);
  for (let id = 0; id < count; id++) {
    const row = columns.addRow(id);
    columns.rewards[row] = 0.1;
    columns.observations[0].fill(id / 7, row * size, (row + 1) * size);
  }
  const infos = new AgentInfoWriter(spec);
  const writer = new MessageWriter();
  const writeInfos = () => {
    for (let row = 0; row < count; row++) {
      infos.writeDecision(writer, columns, row);
    }
  };
  const { intake, request, receive } = open(writer, writeInfos);
  Deno.bench("trainer: request to columns", { group }, receive);
  Deno.bench("player: columns to request", { group }, () => {
    writeRequest(writer, writeInfos);
  });

  const records = intake.find(name);
  const none = new Uint8Array();
  const replies = new MessageWriter();
  const writeReply = () => {
    writeTrainerStep(replies.clear(), 0, [records], none);
    return replies.message;
  };
  const reply = writeReply().slice();
  const actions = {
    continuous: new Float32Array(count * 2).fill(0.5),
    discrete: new Int32Array(),
  };
  Deno.bench("trainer: set actions", { group }, () => {
    records.setActions(actions);
  });
  Deno.bench("trainer: columns to reply", { group }, () => {
    writeReply();
  });
  Deno.bench("player: reply to columns", { group }, () => {
    const reader = Reader.create(reply);
    const [part] = readTrainerMessage(reader).agentActions;
    readAgentActions(reader, part, actionSpec, count, actions);
  });
  console.log(`${group}: request ${request.length} B, reply ${reply.length} B`);
}

function cameras(count: number, width: number, height: number) {
  const camera: ObservationSpec = {
    name: "camera",
    shape: [3, height, width],
    dimensionProperties: [1, 2, 2],
    observationType: "default",
  };
  // A slope with some noise, as in shaded ground; Unity filters rows so.
  const random = new RandomGenerator(1, "picture");
  const samples = Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const slope = pixel % width + Math.floor(pixel / width);
    return (slope + random.integer(4) + 40 * (i % 3)) & 255;
  });
  const { bytes } = makePng({
    width,
    height,
    channels: 3,
    samples,
    filters: [2, 4],
  });
  const observations = new ObservationWriter(camera);
  const writer = new MessageWriter();
  const { request, receive } = open(writer, () => {
    for (let id = 0; id < count; id++) {
      const fields = { id, reward: 0 };
      writeAgentInfo(
        writer,
        fields,
        () => observations.writePngs(writer, [bytes], []),
      );
    }
  });
  const group = `${count} cameras of ${width} x ${height}`;
  Deno.bench("trainer: request to columns", { group }, receive);
  console.log(`${group}: request ${request.length} B`);
}

for (const count of [1, 12, 100, 1000]) vectors(count, 8, `${count} agents`);
for (const count of [1, 2, 12]) cameras(count, 84, 84);
cameras(12, 300, 200);
vectors(16, 2 ** 20, "64 MiB");
// Time for the threads that help with images to start.
await new Promise((resolve) => setTimeout(resolve, 1000));

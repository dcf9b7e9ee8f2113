/**
 * Messages to columns and back, as in one exchange with 12 or 1000 agents of
 * 8 floats and 2 continuous actions.
 */
import { BehaviorRecords } from "../../../../lib/env/unity/behavior_records.ts";
import { PlayerBehavior } from "../../../../lib/env/player/player_behavior.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import {
  readPlayerMessage,
} from "../../../../lib/env/unity/messages/player_message.ts";
import {
  UnityMessage,
  UnityOutput,
} from "../../../../lib/env/unity/messages/tags.ts";
import {
  readTrainerMessage,
  writeTrainerStep,
} from "../../../../lib/env/unity/messages/trainer_message.ts";
import { createSimulator } from "../../../../lib/env/sims/registry.ts";

for (const areaGroups of [1, 83]) {
  const simulator = createSimulator("3DBall", { seed: 1, areaGroups });
  simulator.reset();
  const [[name, spec]] = simulator.behaviorSpecs;
  const { count } = simulator.getSteps(name).decision;
  const group = `${count} agents`;
  const player = new PlayerBehavior(name, spec, simulator);
  const records = new BehaviorRecords(name, spec);

  const writer = new MessageWriter();
  const writeRequest = () => {
    writer.clear();
    const output = writer.open(UnityMessage.unityOutput);
    const rlOutput = writer.open(UnityOutput.rlOutput);
    player.writeInfos(writer);
    writer.close(rlOutput);
    writer.close(output);
    return writer.message;
  };
  const request = writeRequest().slice();
  const readRequest = () => {
    const reader = Reader.create(request);
    records.read(reader, readPlayerMessage(reader).agentInfos[0]);
  };
  readRequest();

  const none = new Uint8Array();
  const writeReply = () => {
    writeTrainerStep(writer.clear(), 0, [records], none);
    return writer.message;
  };
  const reply = writeReply().slice();
  const readReply = () => {
    const reader = Reader.create(reply);
    player.readActions(reader, readTrainerMessage(reader).agentActions[0]);
  };
  const actions = {
    continuous: new Float32Array(count * 2).fill(0.5),
    discrete: new Int32Array(),
  };

  Deno.bench("trainer: request to columns", { group }, readRequest);
  Deno.bench(
    "trainer: set actions",
    { group },
    () => records.setActions(actions),
  );
  Deno.bench("trainer: columns to reply", { group }, () => {
    writeReply();
  });
  Deno.bench("player: columns to request", { group }, () => {
    writeRequest();
  });
  Deno.bench("player: reply to columns", { group }, readReply);
  Deno.bench("player: simulator step", { group }, () => {
    simulator.step();
  });
  console.log(`${group}: request ${request.length} B, reply ${reply.length} B`);
}

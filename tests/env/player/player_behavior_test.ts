import assert from "node:assert/strict";
import { createSimulator } from "../../../lib/env/sims/registry.ts";
import { BehaviorRecords } from "../../../lib/env/unity/behavior_records.ts";
import { readMapEntry } from "../../../lib/env/unity/messages/envelope.ts";
import { Reader } from "../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../lib/env/unity/messages/message_writer.ts";
import { RlOutput } from "../../../lib/env/unity/messages/tags.ts";
import { PlayerBehavior } from "../../../lib/env/player/player_behavior.ts";

/** A simulator's only behavior, seen from both sides of the wire. */
function bothSides(name: string) {
  const simulator = createSimulator(name, { seed: 2 });
  const [[behavior, spec]] = simulator.behaviorSpecs;
  const player = new PlayerBehavior(behavior, spec, simulator);
  const records = new BehaviorRecords(behavior, spec);
  const send = () => {
    const writer = new MessageWriter();
    player.writeInfos(writer);
    const reader = Reader.create(writer.message);
    assert.equal(reader.tag(), RlOutput.agentInfos);
    const part = readMapEntry(reader);
    assert.equal(part.behavior, behavior);
    records.read(reader, part);
  };
  const answer = () => {
    const writer = new MessageWriter();
    records.writeActions(writer);
    const { length } = writer.message;
    const part = { behavior, start: 0, end: length };
    player.readActions(Reader.create(writer.message), part);
  };
  return { simulator, behavior, player, records, send, answer };
}

Deno.test("a behavior is new until it is described, once it has agents", () => {
  const { simulator, player } = bothSides("Basic");
  assert.equal(player.isNew, false);
  simulator.reset();
  assert.equal(player.isNew, true);
  player.isDescribed = true;
  assert.equal(player.isNew, false);
});

Deno.test("actions go the whole way from the trainer to the simulator", () => {
  const wired = bothSides("Basic");
  const { simulator: direct, behavior } = bothSides("Basic");
  wired.simulator.reset();
  direct.reset();
  for (const action of [2, 2, 1, 0, 2, 2]) {
    wired.send();
    const actions = {
      continuous: new Float32Array(),
      discrete: Int32Array.of(action),
    };
    wired.records.setActions(actions);
    wired.answer();
    direct.setActions(behavior, actions);
    wired.simulator.step();
    direct.step();
    assert.deepEqual(
      wired.simulator.getSteps(behavior).decision.observations,
      direct.getSteps(behavior).decision.observations,
    );
  }
  const [position] = direct.getSteps(behavior).decision.observations;
  assert.equal(position.indexOf(1), 13);
});

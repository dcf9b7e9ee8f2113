import assert from "node:assert/strict";
import {
  SimulatedBehavior,
} from "../../../../lib/env/player/simulated/simulated_behavior.ts";
import type { InfoFault } from "../../../../lib/env/player/player_world.ts";
import { createSimulator } from "../../../../lib/env/sims/registry.ts";
import { Reader } from "../../../../lib/env/unity/messages/message_reader.ts";
import {
  MessageWriter,
} from "../../../../lib/env/unity/messages/message_writer.ts";
import { makeRecords } from "../../unity/make_records.ts";
import { dialectOf } from "../dialects.ts";
import { readInfos } from "../read_infos.ts";

/** Counts ends and gives each episode an id above 100. */
class Ids {
  ends = 0;
  current(agent: number): number {
    return 100 + agent + this.ends;
  }
  end(): void {
    this.ends++;
  }
}

/** A simulator's only behavior, seen from both sides of the wire. */
function bothSides(name: string, packageVersion = "3.0.0") {
  const simulator = createSimulator(name, { seed: 2 });
  const [[behavior, spec]] = simulator.behaviorSpecs;
  const ids = new Ids();
  const player = new SimulatedBehavior(
    behavior,
    simulator,
    spec,
    dialectOf(packageVersion),
    ids,
  );
  const records = makeRecords(behavior, spec);
  const write = () => {
    const writer = new MessageWriter();
    player.writeInfos(writer);
    return writer.message;
  };
  const send = () => {
    const bytes = write();
    const part = { behavior, start: 0, end: bytes.length };
    records.read(Reader.create(bytes), part);
  };
  const answer = () => {
    const writer = new MessageWriter();
    records.writeActions(writer);
    const { length } = writer.message;
    const part = { behavior, start: 0, end: length };
    player.readActions(Reader.create(writer.message), part);
  };
  return { simulator, behavior, player, records, write, send, answer };
}

Deno.test("a behavior has as many infos as its simulator has records", () => {
  const { simulator, player, write } = bothSides("3DBall");
  assert.equal(player.infoCount, 0);
  simulator.reset();
  assert.equal(player.infoCount, 12);
  assert.deepEqual(
    readInfos(write()).map(({ id }) => id),
    Array.from({ length: 12 }, (_, i) => 100 + i),
  );
});

Deno.test("actions go the whole way from the trainer to the simulator", () => {
  for (const packageVersion of ["1.0.8", "3.0.0"]) {
    const wired = bothSides("Basic", packageVersion);
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
  }
});

Deno.test("an end is told before the next decision, which may have a new id", () => {
  const { simulator, behavior, write, send } = bothSides("Basic");
  simulator.reset();
  send();
  for (let i = 0; i < 7; i++) {
    const actions = {
      continuous: new Float32Array(),
      discrete: Int32Array.of(2),
    };
    simulator.setActions(behavior, actions);
    simulator.step();
  }
  assert.deepEqual(
    readInfos(write()).map(({ id, done }) => [id, done]),
    [[100, true], [101, false]],
  );
});

Deno.test("faults are in one message and then gone", () => {
  const faulty = (fault: InfoFault) => {
    const { simulator, player, write } = bothSides("3DBall");
    simulator.reset();
    player.spoil(fault);
    const infos = readInfos(write());
    const [sound] = readInfos(write());
    assert(Number.isFinite(sound.reward));
    assert.deepEqual(sound.observations[0].shape, [8]);
    assert(sound.observations[0].values?.every(Number.isFinite));
    return infos;
  };
  assert(Number.isNaN(faulty("nan-reward")[0].reward));
  const [{ observations: [observation] }] = faulty("nan-observation");
  assert.deepEqual(
    observation.values?.map(Number.isNaN),
    [true, ...new Array(7).fill(false)],
  );
  for (const { observations } of faulty("shape")) {
    assert.deepEqual(observations[0].shape, [9]);
    assert.deepEqual(observations[0].values, new Array(9).fill(0));
  }
});

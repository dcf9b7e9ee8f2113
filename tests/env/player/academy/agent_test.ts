/** The life of agents, step by step: protocol, 9.7 to 9.15. */
import assert from "node:assert/strict";
import { VectorSensor } from "../../../../lib/env/player/sensors/vector_sensor.ts";
import {
  answer,
  createAcademy,
  RecordingAgent,
  shortly,
  toldBy,
} from "./recording_agent.ts";

Deno.test("an agent decides on its step of each period and acts in between", () => {
  const academy = createAcademy();
  const often = new RecordingAgent(academy, { decisionPeriod: 2 });
  const seldom = new RecordingAgent(academy, {
    decisionPeriod: 3,
    decisionOffset: 1,
    actsBetweenDecisions: false,
  });
  for (const agent of [often, seldom]) agent.enable();
  const told: string[] = [];
  for (let step = 0; step < 6; step++) {
    academy.ask();
    told.push(shortly(academy));
    const waiting = toldBy(academy);
    answer(academy, waiting.map((_, i) => [step + 1, i]));
    academy.act();
  }
  assert.deepEqual(told, ["0d", "1d", "0d", "", "0d 1d", ""]);
  assert.deepEqual(often.log, [
    "begin",
    ...["act 1 0", "act 1 0", "act 3 0", "act 3 0", "act 5 0", "act 5 0"],
  ]);
  assert.deepEqual(seldom.log, ["begin", "act 2 0", "act 5 1"]);
});

Deno.test("rewards add up until the next info, and then begin at zero", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy, { decisionPeriod: 2 });
  agent.onAct = () => {
    agent.addReward(1);
    agent.addGroupReward(0.5);
  };
  agent.enable();
  const rewards: number[][] = [];
  for (let step = 0; step < 5; step++) {
    academy.ask();
    for (const { reward, groupReward } of toldBy(academy)) {
      rewards.push([reward, groupReward]);
    }
    academy.act();
  }
  assert.deepEqual(rewards, [[0, 0], [2, 1], [2, 1]]);
});

Deno.test("the step limit ends an episode, told with the next step", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy, { decisionPeriod: 3, maxStep: 4 });
  agent.enable();
  const told: string[] = [];
  for (let step = 0; step < 8; step++) {
    academy.ask();
    told.push(shortly(academy));
    academy.act();
  }
  assert.deepEqual(told, ["0d", "", "", "0d", "0i", "", "0d", ""]);
  assert.equal(agent.log.filter((each) => each === "begin").length, 3);
});

Deno.test("after an end an agent acts with zeros until it decides", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy, { decisionPeriod: 4 });
  agent.enable();
  academy.ask();
  answer(academy, [[0.5, 1]]);
  academy.act();
  academy.ask();
  agent.endEpisode();
  academy.act();
  academy.ask();
  academy.act();
  // The end takes the action of its step away, too.
  assert.deepEqual(agent.log, ["begin", "act 0.5 1", "begin", "act 0 0"]);
});

Deno.test("only the first end after a decision is told", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy, { decisionPeriod: 2 });
  agent.enable();
  academy.ask();
  agent.endEpisode();
  agent.addReward(3);
  agent.endEpisode(true);
  assert.equal(shortly(academy), "0d 0e");
  academy.act();
  academy.ask();
  agent.disable();
  assert.equal(shortly(academy), "");
  agent.enable();
  academy.act();
  academy.ask();
  const [{ id, reward }] = toldBy(academy);
  // The reward of the second end was kept for the next info.
  assert.deepEqual([id, reward], [1, 3]);
});

Deno.test("an agent may end before it has decided", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy, {
    decisionOffset: 1,
    decisionPeriod: 2,
  });
  agent.enable();
  agent.onUpdate = () => {
    if (academy.totalSteps === 0) agent.endEpisode();
  };
  assert(academy.ask());
  assert.equal(shortly(academy), "0e");
});

Deno.test("another agent can end an episode right behind its decision", () => {
  const academy = createAcademy();
  const [victim, intruder] = [0, 1].map(() => new RecordingAgent(academy));
  intruder.onObserve = () => victim.endEpisode();
  for (const agent of [victim, intruder]) agent.enable();
  academy.ask();
  assert.equal(shortly(academy), "0d 0e 1d");
  // Two actions are expected; the first one is thrown away.
  answer(academy, [[0.25, 1], [0.75, 1]]);
  academy.act();
  assert.deepEqual(victim.log, ["begin", "begin"]);
  assert.deepEqual(intruder.log, ["begin", "act 0.75 1"]);
});

Deno.test("an agent that is ended before its turn does not decide", () => {
  const academy = createAcademy();
  const [intruder, victim] = [0, 1].map(() => new RecordingAgent(academy));
  intruder.onObserve = () => victim.endEpisode();
  for (const agent of [intruder, victim]) agent.enable();
  academy.ask();
  assert.equal(shortly(academy), "1e 0d");
});

Deno.test("an agent that leaves ends, and comes back with a new id", () => {
  const academy = createAcademy();
  const agents = [0, 1].map(() => new RecordingAgent(academy));
  for (const agent of agents) agent.enable();
  academy.ask();
  academy.act();
  agents[0].disable();
  agents[0].disable();
  academy.ask();
  assert.equal(shortly(academy), "0e 1d");
  academy.act();
  agents[0].enable();
  agents[0].enable();
  academy.ask();
  assert.equal(shortly(academy), "1d 2d");
});

Deno.test("ids may change with each episode", () => {
  const academy = createAcademy({ hasEpisodeIds: true });
  const agent = new RecordingAgent(academy);
  agent.enable();
  academy.ask();
  academy.act();
  agent.endEpisode();
  academy.ask();
  assert.equal(shortly(academy), "0e 1d");
});

Deno.test("masks are empty, then whole; ends carry the latest one", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy);
  agent.enable();
  const masks: (readonly number[])[] = [];
  for (const forbidden of [[], [1], []]) {
    agent.forbidden = forbidden;
    academy.ask();
    masks.push(...toldBy(academy).map(({ mask }) => mask));
    if (forbidden.length > 0) {
      assert.throws(
        () => answer(academy, [[0, 1]]),
        /masked action for agent 0/,
      );
    }
    academy.act();
    if (forbidden.length > 0) agent.endEpisode();
  }
  assert.deepEqual(masks, [[], [0, 1], [0, 1], [0, 0]]);
});

Deno.test("sensors are in the order of their names, stacks empty after ends", () => {
  const academy = createAcademy();
  const dialect = academy.dialect;
  const stack = new VectorSensor(dialect, 1, { stacks: 2 });
  const plain = new VectorSensor(dialect, 1);
  const agent = new RecordingAgent(academy, { sensors: [plain, stack] });
  let now = 0;
  agent.onObserve = () => stack.values[0] = ++now;
  agent.enable();
  const stacks: (readonly number[] | null)[] = [];
  for (let step = 0; step < 3; step++) {
    academy.ask();
    for (const { observations } of toldBy(academy)) {
      assert.deepEqual(observations.map(({ name }) => name), [
        "StackingSensor_size2_VectorSensor_size1",
        "VectorSensor_size1",
      ]);
      stacks.push(observations[0].values);
    }
    academy.act();
    if (step === 1) agent.endEpisode();
  }
  assert.deepEqual(stacks, [[0, 1], [1, 2], [2, 3], [0, 4]]);
});

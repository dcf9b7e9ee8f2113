import assert from "node:assert/strict";
import { UserError } from "../../../../lib/errors.ts";
import { VectorSensor } from "../../../../lib/env/player/sensors/vector_sensor.ts";
import {
  answer,
  createAcademy,
  RecordingAgent,
  shortly,
  toldBy,
} from "./recording_agent.ts";

Deno.test("a step in which nobody says anything needs no answer", () => {
  const academy = createAcademy();
  new RecordingAgent(academy, { decisionPeriod: 3 }).enable();
  const asks = Array.from({ length: 6 }, () => {
    const hasAsked = academy.ask();
    academy.act();
    return hasAsked;
  });
  assert.deepEqual(asks, [true, false, false, true, false, false]);
});

Deno.test("a reset tells nothing, keeps ids and lets the step end", () => {
  const academy = createAcademy();
  const often = new RecordingAgent(academy, { decisionPeriod: 2 });
  const seldom = new RecordingAgent(academy, { decisionPeriod: 3 });
  for (const agent of [often, seldom]) agent.enable();
  academy.ask();
  answer(academy, [[0.5, 1], [0.25, 1]]);
  academy.act();
  for (const agent of [often, seldom]) agent.addReward(1);
  academy.ask();
  academy.act();
  // The first agent has just asked, the second has an action in force.
  academy.ask();
  assert.equal(shortly(academy), "0d");
  academy.reset();
  academy.act();
  assert.deepEqual(often.log.slice(-2), ["begin", "act 0 0"]);
  assert.deepEqual(seldom.log.slice(-2), ["begin", "act 0.25 1"]);
  assert.deepEqual([often.stepCount, seldom.stepCount], [0, 0]);
  academy.ask();
  assert.equal(shortly(academy), "0d 1d");
  // What the second agent got before the reset is left over.
  assert.deepEqual(toldBy(academy).map(({ reward }) => reward), [0, 1]);
});

Deno.test("behaviors are known from their first agent on", () => {
  const academy = createAcademy();
  new RecordingAgent(academy).enable();
  const late = new RecordingAgent(academy, { behavior: "B" });
  academy.ask();
  assert.deepEqual([...academy.behaviors.keys()], ["A"]);
  academy.act();
  late.enable();
  academy.ask();
  assert.deepEqual([...academy.behaviors.keys()], ["A", "B"]);
  assert.equal(shortly(academy, "B"), "1d");
  academy.act();
  late.disable();
  academy.ask();
  assert.equal(shortly(academy, "B"), "1e");
});

Deno.test("an agent that comes in mid-run begins at once", () => {
  const academy = createAcademy();
  const early = new RecordingAgent(academy);
  early.enable();
  assert.deepEqual(early.log, []);
  academy.ask();
  assert.deepEqual(early.log, ["begin"]);
  const late = new RecordingAgent(academy);
  late.enable();
  assert.deepEqual(late.log, ["begin"]);
});

Deno.test("the next info has the fault that is asked for, and only it", () => {
  const academy = createAcademy();
  const sensor = new VectorSensor(academy.dialect, 2);
  new RecordingAgent(academy, { sensors: [sensor] }).enable();
  const infos = (["nan-reward", "nan-observation", "shape", null] as const)
    .map((fault) => {
      if (fault) academy.spoilNext(fault);
      academy.ask();
      const [info] = toldBy(academy);
      academy.act();
      return info;
    });
  assert.deepEqual(infos.map(({ reward }) => reward), [NaN, 0, 0, 0]);
  assert.deepEqual(
    infos.map(({ observations: [{ values }] }) => values),
    [[0, 0], [NaN, 0], [0, 0, 0], [0, 0]],
  );
  assert.deepEqual(
    infos.map(({ observations: [{ shape }] }) => shape),
    [[2], [2], [3], [2]],
  );
});

Deno.test("an agent without a vector cannot see NaN", () => {
  const academy = createAcademy();
  new RecordingAgent(academy).enable();
  academy.spoilNext("nan-observation");
  assert.throws(() => academy.ask(), UserError);
});

Deno.test("statistics are taken once", () => {
  const academy = createAcademy();
  academy.addStatistic("a", 1);
  academy.addStatistic("a", 2, "sum");
  assert.deepEqual(academy.takeStatistics(), [
    { name: "a", value: 1, aggregation: "average" },
    { name: "a", value: 2, aggregation: "sum" },
  ]);
  assert.deepEqual(academy.takeStatistics(), []);
});

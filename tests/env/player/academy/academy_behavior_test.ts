import assert from "node:assert/strict";
import { AcademyBehavior } from "../../../../lib/env/player/academy/academy_behavior.ts";
import { dialectOf } from "../dialects.ts";
import { answer, createAcademy, RecordingAgent } from "./recording_agent.ts";

Deno.test("every agent that decides gets an action of the right form", () => {
  const academy = createAcademy();
  const agents = [0, 1].map(() => new RecordingAgent(academy));
  for (const agent of agents) agent.enable();
  academy.ask();
  assert.throws(() => answer(academy, [[0, 0]]), /agents' actions.*1.*2/);
  assert.throws(() => answer(academy, [[0, 0], [NaN, 0]]), /not a number/);
  assert.throws(() => answer(academy, [[0, 0], [0, 2]]), /out of range/);
  // More than there are agents is ignored.
  answer(academy, [[0.5, 1], [1, 0], [9, 9]]);
  academy.act();
  assert.deepEqual(agents.map(({ log }) => log.at(-1)), [
    "act 0.5 1",
    "act 1 0",
  ]);
});

Deno.test("after the step nobody waits any more", () => {
  const academy = createAcademy();
  new RecordingAgent(academy, { decisionPeriod: 2 }).enable();
  academy.ask();
  academy.act();
  answer(academy, []);
  assert.equal(academy.behaviors.get("A")?.infoCount, 0);
});

Deno.test("a behavior that one side does not know is refused", () => {
  const spec = { continuousSize: 1, discreteBranches: [2] };
  assert.throws(
    () => new AcademyBehavior("A", spec, dialectOf("1.0.8")),
    /hybrid actions/,
  );
});

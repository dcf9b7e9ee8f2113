import assert from "node:assert/strict";
import { AcademyWorld } from "../../../../lib/env/player/academy/academy_world.ts";
import type { SceneTools } from "../../../../lib/env/player/scenes/scene.ts";
import { readStatistic } from "../../../../lib/env/unity/side_channels/statistics.ts";
import { dialectOf } from "../dialects.ts";
import { RecordingAgent } from "./recording_agent.ts";

/** A world with one agent that decides in every second step. */
function createWorld() {
  const log: string[] = [];
  const made: { tools?: SceneTools; agent?: RecordingAgent } = {};
  const world = new AcademyWorld({
    parameters: ["height"],
    create: (tools) => {
      const agent = new RecordingAgent(tools.academy, { decisionPeriod: 2 });
      agent.enable();
      Object.assign(made, { tools, agent });
      return {
        reset: () => log.push("reset"),
        update: () => log.push("update"),
        receive: ({ channel }) => channel === "known",
        takeMessages: () => [{ channel: "known", payload: new Uint8Array() }],
      };
    },
  }, {
    seed: 1,
    areas: 2,
    dialect: dialectOf("3.0.0"),
    hasEpisodeIds: false,
    log: () => {},
  });
  const { tools, agent } = made;
  assert(tools && agent);
  return { world, log, tools, agent };
}

Deno.test("a world goes on until somebody has something to tell", () => {
  const { world, log, tools, agent } = createWorld();
  assert.equal(tools.areas, 2);
  world.advance(false);
  assert.deepEqual([log, tools.academy.totalSteps], [["update"], 1]);
  world.advance(false);
  assert.deepEqual([log.length, tools.academy.totalSteps], [3, 3]);
  world.advance(true);
  assert.equal(log.filter((each) => each === "reset").length, 1);
  // The reset's own step, and the one that decides again.
  assert.equal(tools.academy.stepCount, 1);
  assert.deepEqual(agent.log, [
    ...["begin", "act 0 0", "act 0 0"],
    ...["begin", "act 0 0"],
  ]);
});

Deno.test("a scene has parameters, side channels and statistics", () => {
  const { world, tools } = createWorld();
  world.setParameter("height", 3);
  assert.equal(tools.parameters.read("height", 1), 3);
  assert.throws(() => world.setParameter("depth", 3), /depth/);
  const payload = new Uint8Array();
  assert(world.receive({ channel: "known", payload }));
  assert(!world.receive({ channel: "other", payload }));
  tools.academy.addStatistic("a", 1);
  const [statistic, message] = world.takeMessages();
  assert.equal(readStatistic(statistic.payload).name, "a");
  assert.equal(message.channel, "known");
});

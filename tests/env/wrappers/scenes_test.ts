/** The wrappers over scenes with masks, groups, teams and odd endings. */
import assert from "node:assert/strict";
import { allSensors } from "../../../lib/env/wrappers/observation_view.ts";
import { ParallelWrapper } from "../../../lib/env/wrappers/parallel_wrapper.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";
import { wrapperConformance } from "../../conformance/wrapper_conformance.ts";
import { startServed } from "../player/served_environment.ts";

const scenes = [
  "Vectors",
  "Hybrid",
  "Masks",
  "Visual",
  "Entities",
  "Groups",
  "Teams",
  "Crowd",
  "Endings",
];

for (const name of scenes) {
  wrapperConformance(
    `scene ${name}`,
    (seed) => startServed(`scene:${name}`, { seed }),
  );
}

/** The infos of the first steps of a scene, with random actions. */
async function* infosOf(scene: string) {
  await using wrapper = await ParallelWrapper.wrap(
    (seed) => startServed(`scene:${scene}`, { seed }),
    { observations: allSensors },
  );
  const random = new RandomGenerator(1);
  let [, infos] = await wrapper.reset();
  for (let i = 0; i < 40 && wrapper.numAgents > 0; i++) {
    yield Object.values(infos);
    const actions = wrapper.agents.map((agent) => [
      agent,
      wrapper.actionSpace(agent).sample(random, infos[agent].actionMask),
    ]);
    [, , , , infos] = await wrapper.step(Object.fromEntries(actions));
  }
}

Deno.test("groups and their rewards are told with each agent", async () => {
  const groups = new Set<number>();
  let rewards = 0;
  for await (const infos of infosOf("Groups")) {
    for (const { groupId, groupReward } of infos) {
      groups.add(groupId);
      rewards += groupReward;
    }
  }
  assert.deepEqual([...groups].sort(), [1, 2]);
  assert(rewards > 0);
});

Deno.test("teams of one name are told apart", async () => {
  for await (const infos of infosOf("Teams")) {
    const teams = new Map(infos.map(({ team, behavior }) => [behavior, team]));
    assert.deepEqual([...teams.values()].sort(), [0, 1]);
    return;
  }
});

Deno.test("masks are those of the agents, and fit their spaces", async () => {
  let masked = 0;
  for await (const infos of infosOf("Masks")) {
    for (const { actionMask } of infos) masked += Number(actionMask !== null);
  }
  assert(masked > 0);
});

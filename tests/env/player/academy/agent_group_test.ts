import assert from "node:assert/strict";
import { AgentGroup } from "../../../../lib/env/player/academy/agent_group.ts";
import { createAcademy, RecordingAgent, toldBy } from "./recording_agent.ts";

Deno.test("members share rewards until they leave", () => {
  const academy = createAcademy();
  const agents = [0, 1, 2].map(() => new RecordingAgent(academy));
  const [first, second] = [0, 1].map(() => new AgentGroup(academy));
  for (const agent of agents) agent.enable();
  first.add(agents[0]);
  first.add(agents[1]);
  second.add(agents[2]);
  first.addReward(1);
  agents[1].disable();
  first.addReward(2);
  second.addReward(4);
  academy.ask();
  assert.deepEqual(
    toldBy(academy).map(({ id, groupId, groupReward, done }) =>
      [id, groupId, groupReward, done].join(" ")
    ),
    // The one that left got what there was before.
    ["1 1 1 true", "0 1 3 false", "2 2 4 false"],
  );
  assert.deepEqual([first.size, second.size], [1, 1]);
});

Deno.test("a group ends, or is interrupted, member by member", () => {
  for (const isInterrupted of [false, true]) {
    const academy = createAcademy();
    const agents = [0, 1].map(() => new RecordingAgent(academy));
    const group = new AgentGroup(academy);
    for (const agent of agents) {
      agent.enable();
      group.add(agent);
    }
    academy.ask();
    academy.act();
    group.endEpisode(isInterrupted);
    academy.ask();
    assert.deepEqual(
      toldBy(academy).map(({ id, groupId, done, interrupted }) =>
        [id, groupId, done, interrupted].join(" ")
      ),
      [
        ...[0, 1].map((id) => `${id} 1 true ${isInterrupted}`),
        ...[0, 1].map((id) => `${id} 1 false false`),
      ],
    );
  }
});

Deno.test("an agent is in one group at a time", () => {
  const academy = createAcademy();
  const agent = new RecordingAgent(academy);
  const groups = [0, 1].map(() => new AgentGroup(academy));
  for (const group of groups) group.add(agent);
  assert.deepEqual(groups.map(({ size }) => size), [0, 1]);
  assert.equal(agent.group, groups[1]);
});

Deno.test("package 1.0 does not tell of groups", () => {
  const academy = createAcademy({ packageVersion: "1.0.8" });
  const agent = new RecordingAgent(academy, {
    actionSpec: { continuousSize: 0, discreteBranches: [2] },
  });
  agent.enable();
  const group = new AgentGroup(academy);
  group.add(agent);
  group.addReward(1);
  academy.ask();
  const [{ groupId, groupReward }] = toldBy(academy);
  assert.deepEqual([groupId, groupReward], [0, 0]);
});

/** What the tests of simulators do not reach: who is told of, and restoring. */
import assert from "node:assert/strict";
import { AgentSet } from "../../../lib/env/sims/agent_set.ts";
import {
  restoreArrays,
  saveArrays,
} from "../../../lib/env/sims/saved_state.ts";
import { vectorObservation } from "../../../lib/spec.ts";

const spec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};

/** Four agents in two groups; each sees its number and how often it looked. */
function make(): AgentSet {
  let looks = 0;
  return new AgentSet(
    "Test",
    spec,
    Int32Array.of(0, 5, 5, 6),
    (agent, [column], row) => {
      column[row] = 10 * agent + looks++;
    },
  );
}

Deno.test("agents that have not begun neither decide nor are told of", () => {
  const agents = make();
  agents.begin(1);
  agents.begin(3);
  agents.end(3, false);
  assert.equal(agents.recordCount, 0);
  agents.decide();
  assert.deepEqual([...agents.decision.agentIds.subarray(0, 1)], [1]);
  assert.equal(agents.recordCount, 1);
  agents.end(1, true);
  assert.equal(agents.recordCount, 2);
  assert.equal(agents.terminal.interrupted[0], 1);
  assert.equal(agents.terminal.groupIds[0], 5);
  agents.clearRecords();
  assert.equal(agents.recordCount, 0);
});

Deno.test("actions of both kinds reach their agents, and end with them", () => {
  const agents = make();
  for (const agent of [0, 2, 3]) agents.begin(agent);
  agents.decide();
  agents.setActions({
    continuous: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    discrete: Int32Array.of(1, 0, 2, 1, 0, 1),
  });
  const rounded = () =>
    Array.from(agents.continuous, (value) => Number(value.toFixed(3)));
  assert.deepEqual(rounded(), [0.1, 0.2, 0, 0, 0.3, 0.4, 0.5, 0.6]);
  assert.deepEqual([...agents.discrete], [1, 0, 0, 0, 2, 1, 0, 1]);
  agents.setAction(2, { continuous: [-1, 1], discrete: [0, 0] });
  agents.begin(3);
  assert.deepEqual(rounded(), [0.1, 0.2, 0, 0, -1, 1, 0, 0]);
  assert.deepEqual([...agents.discrete], [1, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("rewards add up, are replaced, and are told of once", () => {
  const agents = make();
  agents.begin(1);
  agents.addReward(1, 2);
  agents.addReward(1, 3);
  agents.addGroupReward(1, 7);
  agents.decide();
  assert.deepEqual(
    [agents.decision.rewards[0], agents.decision.groupRewards[0]],
    [5, 7],
  );
  agents.addReward(1, 2);
  agents.setReward(1, -1);
  agents.decide();
  assert.deepEqual(
    [agents.decision.rewards[0], agents.decision.groupRewards[0]],
    [-1, 0],
  );
});

Deno.test("records, rewards and who lives can be restored", () => {
  const agents = make();
  for (const agent of [0, 1, 2, 3]) agents.begin(agent);
  agents.decide();
  agents.addGroupReward(2, 4);
  agents.end(1, false);
  const arrays = saveArrays(agents.liveArrays());
  const { counts } = agents;
  const other = make();
  restoreArrays(other.liveArrays(), arrays);
  other.restoreCounts(counts);
  assert.equal(other.recordCount, 5);
  assert.deepEqual(other.terminal.agentIds, agents.terminal.agentIds);
  assert.deepEqual(other.decision.observations, agents.decision.observations);
  other.decide();
  assert.deepEqual([...other.decision.agentIds.subarray(0, 3)], [0, 2, 3]);
  assert.deepEqual([...other.decision.groupRewards.subarray(0, 3)], [0, 4, 0]);
});

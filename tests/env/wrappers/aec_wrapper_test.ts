import assert from "node:assert/strict";
import { AecWrapper } from "../../../lib/env/wrappers/aec_wrapper.ts";
import { ParallelWrapper } from "../../../lib/env/wrappers/parallel_wrapper.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import { ScriptedEnvironment } from "../../support/scripted_environment.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 0, discreteBranches: [3] },
};
const script = [
  { A: { decisions: [{ id: 0, sees: 1 }, { id: 1, sees: 2 }, { id: 2 }] } },
  {
    A: {
      // Agent 2 does not decide here.
      decisions: [{ id: 0, sees: 3, reward: 0.5 }],
      ends: [{ id: 1, sees: 4, reward: -1 }],
    },
  },
  { A: { ends: [{ id: 0, reward: 1 }, { id: 2, interrupted: true }] } },
];
const name = (id: number) => `A?agent_id=${id}`;

async function wrapped() {
  const environment = new ScriptedEnvironment({ A: spec }, [script, script]);
  const wrapper = new AecWrapper(await ParallelWrapper.wrap(environment));
  await wrapper.reset();
  environment.log.splice(0);
  return { environment, wrapper };
}

Deno.test("agents take turns until all have ended", async () => {
  const { environment, wrapper } = await wrapped();
  const turns: unknown[] = [];
  for (const agent of wrapper.agentIter()) {
    const [observation, reward, terminated, truncated, info] = wrapper.last();
    assert.equal(agent, name(info.agentId));
    assert.deepEqual(wrapper.observe(agent), observation);
    turns.push([info.agentId, observation[0], reward, terminated, truncated]);
    await wrapper.step(terminated || truncated ? null : info.agentId);
  }
  assert.deepEqual(turns, [
    [0, 1, 0, false, false],
    [1, 2, 0, false, false],
    [2, 0, 0, false, false],
    [1, 4, -1, true, false],
    [0, 3, 0.5, false, false],
    [0, 0, 1, true, false],
    [2, 0, 0, false, true],
  ]);
  assert.deepEqual(environment.log, ["step [] [0,1,2]", "step [] [0]"]);
  assert.equal(wrapper.agentSelection, null);
  assert.deepEqual(wrapper.agents, []);
  assert.throws(() => wrapper.last(), /No agent's turn .*\n.*Call reset/);
  await assert.rejects(wrapper.step(0), /No agent's turn/);
});

Deno.test("all agents can be looked at in every turn", async () => {
  const { wrapper } = await wrapped();
  assert.deepEqual(wrapper.agents, [0, 1, 2].map(name));
  for (const action of [0, 1, 2]) await wrapper.step(action);
  assert.equal(wrapper.agentSelection, name(1));
  assert.deepEqual(wrapper.agents, [1, 0, 2].map(name));
  assert.deepEqual(wrapper.rewards, {
    [name(0)]: 0.5,
    [name(1)]: -1,
    [name(2)]: 0,
  });
  assert.equal(wrapper.terminations[name(1)], true);
  assert.equal(wrapper.truncations[name(1)], false);
  assert.equal(wrapper.infos[name(2)].awaitsAction, false);
  await wrapper.step(null);
  assert.deepEqual(wrapper.agents, [0, 2].map(name));
  assert.throws(() => wrapper.observe(name(7)), /no such agent at present/);
});

Deno.test("null is for those that have ended, and only for them", async () => {
  const { wrapper } = await wrapped();
  await assert.rejects(wrapper.step(null), /agent_id=0: .*got none/);
  for (const action of [0, 1, 2]) await wrapper.step(action);
  await assert.rejects(wrapper.step(0), /has ended cannot act .*null/);
});

Deno.test("a wrong action can be taken back by the last agent", async () => {
  const { environment, wrapper } = await wrapped();
  await wrapper.step(0);
  await wrapper.step(1);
  await assert.rejects(wrapper.step(3), /agent 2 is out of range/);
  assert.equal(wrapper.agentSelection, name(2));
  await wrapper.step(2);
  assert.deepEqual(environment.log, ["step [] [0,1,2]"]);
});

Deno.test("turns can be counted", async () => {
  const { wrapper } = await wrapped();
  const agents: string[] = [];
  for (const agent of wrapper.agentIter(2)) {
    agents.push(agent);
    await wrapper.step(0);
  }
  assert.deepEqual(agents, [name(0), name(1)]);
});

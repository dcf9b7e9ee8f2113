import assert from "node:assert/strict";
import { allSensors } from "../../../lib/env/wrappers/observation_view.ts";
import { ParallelWrapper } from "../../../lib/env/wrappers/parallel_wrapper.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import {
  ScriptedEnvironment,
  type ScriptedMessage,
} from "../../support/scripted_environment.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 0, discreteBranches: [3] },
};
const specs = { "Blue?team=0": spec, "Red?team=1": spec };
const blue = (id: number) => `Blue?team=0?agent_id=${id}`;
const red = (id: number) => `Red?team=1?agent_id=${id}`;

/** Wraps a script; it begins twice, as wrapping resets once. */
async function wrapped(...messages: ScriptedMessage[]) {
  const environment = new ScriptedEnvironment(specs, [messages, messages]);
  const wrapper = await ParallelWrapper.wrap(environment);
  environment.log.splice(0);
  return { environment, wrapper };
}

function decide(...ids: number[]): ScriptedMessage {
  return { "Blue?team=0": { decisions: ids.map((id) => ({ id })) } };
}

Deno.test("a reset gives observations and infos of all agents", async () => {
  const { environment, wrapper } = await wrapped({
    "Blue?team=0": {
      decisions: [{ id: 1, sees: 5, reward: 9, groupReward: 9, groupId: 2 }],
    },
    "Red?team=1": { decisions: [{ id: 0, sees: 6, mask: [1, 0, 1] }] },
  });
  const [observations, infos] = await wrapper.reset({ options: { mass: 2 } });
  assert.deepEqual(environment.log, ["mass = 2", "reset"]);
  assert.deepEqual(observations, {
    [blue(1)]: Float32Array.of(5),
    [red(0)]: Float32Array.of(6),
  });
  // Rewards of a first decision belong to nothing.
  assert.deepEqual(infos, {
    [blue(1)]: {
      behavior: "Blue?team=0",
      team: 0,
      agentId: 1,
      groupId: 2,
      groupReward: 0,
      actionMask: null,
      awaitsAction: true,
    },
    [red(0)]: {
      behavior: "Red?team=1",
      team: 1,
      agentId: 0,
      groupId: 0,
      groupReward: 0,
      actionMask: Uint8Array.of(1, 0, 1),
      awaitsAction: true,
    },
  });
  assert.deepEqual(wrapper.agents, [blue(1), red(0)]);
  assert.deepEqual(wrapper.possibleAgents, wrapper.agents);
  assert.deepEqual([wrapper.numAgents, wrapper.maxNumAgents], [2, 2]);
});

Deno.test("a step gives rewards, ends and groups; ended agents leave", async () => {
  const { environment, wrapper } = await wrapped(decide(0, 1, 2), {
    "Blue?team=0": {
      decisions: [
        { id: 0, sees: 3, reward: 0.5, groupReward: 0.25, groupId: 4 },
        // Already in its next episode.
        { id: 1, sees: 9, reward: 9 },
      ],
      ends: [
        { id: 1, sees: 7, reward: -1 },
        { id: 2, sees: 8, reward: 1, interrupted: true, groupReward: 2 },
      ],
    },
  }, decide(0, 1, 2));
  await wrapper.reset();
  const actions = { [blue(0)]: 1, [blue(1)]: 2, [blue(2)]: [0] };
  const [observations, rewards, terminations, truncations, infos] =
    await wrapper.step(actions);
  assert.deepEqual(environment.log, ["reset", "step [] [1,2,0]"]);
  assert.deepEqual(observations, {
    [blue(0)]: Float32Array.of(3),
    [blue(1)]: Float32Array.of(7),
    [blue(2)]: Float32Array.of(8),
  });
  assert.deepEqual(rewards, { [blue(0)]: 0.5, [blue(1)]: -1, [blue(2)]: 1 });
  assert.deepEqual(Object.values(terminations), [false, true, false]);
  assert.deepEqual(Object.values(truncations), [false, false, true]);
  const groups = Object.values(infos)
    .map((info) => [info.groupId, info.groupReward, info.awaitsAction]);
  assert.deepEqual(groups, [[4, 0.25, true], [0, 0, false], [0, 2, false]]);
  assert.deepEqual(wrapper.agents, [blue(0)]);
  // The others play on with zeros, unheard.
  const [next] = await wrapper.step({ [blue(0)]: 2 });
  assert.deepEqual(Object.keys(next), [blue(0)]);
  assert.equal(environment.log.at(-1), "step [] [2,0]");
});

Deno.test("agents that do not decide keep their observation", async () => {
  const { wrapper } = await wrapped(
    {
      "Blue?team=0": {
        decisions: [{ id: 0, sees: 1, groupId: 3 }, {
          id: 1,
          sees: 2,
          mask: [1, 1, 0],
        }],
      },
    },
    { "Blue?team=0": { decisions: [{ id: 0, sees: 3, reward: 1 }] } },
    { "Blue?team=0": { decisions: [{ id: 0 }, { id: 1, reward: 4 }] } },
  );
  await wrapper.reset();
  const [observations, rewards, terminations, truncations, infos] =
    await wrapper.step({ [blue(0)]: 0, [blue(1)]: 0 });
  assert.deepEqual(observations[blue(1)], Float32Array.of(2));
  assert.equal(rewards[blue(1)], 0);
  assert.equal(terminations[blue(1)], false);
  assert.equal(truncations[blue(1)], false);
  assert.equal(infos[blue(1)].awaitsAction, false);
  assert.equal(infos[blue(1)].actionMask, null);
  assert.equal(infos[blue(0)].awaitsAction, true);
  // An action for it may be there or not.
  const [, later] = await wrapper.step({ [blue(0)]: 0 });
  assert.equal(later[blue(1)], 4);
});

Deno.test("a step lasts until somebody decides", async () => {
  const { environment, wrapper } = await wrapped(
    decide(0, 1),
    { "Blue?team=0": { ends: [{ id: 0, reward: 2 }] } },
    {},
    // Of the one that has ended: nobody's turn yet.
    decide(0),
    { "Blue?team=0": { decisions: [{ id: 1, reward: 3 }, { id: 0 }] } },
  );
  await wrapper.reset();
  const [, rewards, terminations] = await wrapper.step({
    [blue(0)]: 1,
    [blue(1)]: 1,
  });
  assert.deepEqual(rewards, { [blue(0)]: 2, [blue(1)]: 3 });
  assert.deepEqual(terminations, { [blue(0)]: true, [blue(1)]: false });
  assert.equal(environment.log.length, 5);
});

Deno.test("late agents and behaviors join in", async () => {
  const { wrapper } = await wrapped(
    decide(0),
    {
      "Blue?team=0": { decisions: [{ id: 0 }, { id: 5, reward: 9 }] },
      "Red?team=1": { decisions: [{ id: 6 }] },
    },
    { "Blue?team=0": { ends: [0, 5].map((id) => ({ id })) } },
  );
  assert.throws(() => wrapper.actionSpace(red(6)), /never been such an agent/);
  await wrapper.reset();
  const [, rewards] = await wrapper.step({ [blue(0)]: 0 });
  assert.deepEqual(rewards, { [blue(0)]: 0, [blue(5)]: 0, [red(6)]: 0 });
  assert.deepEqual(wrapper.agents, [blue(0), blue(5), red(6)]);
  assert.equal(wrapper.actionSpace(red(6)), wrapper.actionSpace(red(6)));
  assert.notEqual(wrapper.actionSpace(red(6)), wrapper.actionSpace(blue(5)));
});

Deno.test("ends of agents that never decided mean nothing", async () => {
  const { environment, wrapper } = await wrapped(
    { "Blue?team=0": { ends: [{ id: 3 }] } },
    decide(0),
    { "Blue?team=0": { decisions: [{ id: 0 }], ends: [{ id: 4 }] } },
  );
  const [observations] = await wrapper.reset();
  assert.deepEqual(Object.keys(observations), [blue(0)]);
  assert.deepEqual(environment.log, ["reset", "step [] []"]);
  const [next] = await wrapper.step({ [blue(0)]: 0 });
  assert.deepEqual(Object.keys(next), [blue(0)]);
});

Deno.test("when all have ended there has to be a reset", async () => {
  const end = { "Blue?team=0": { ends: [{ id: 0 }] } };
  const { wrapper } = await wrapped(decide(0), end);
  await wrapper.reset();
  await wrapper.step({ [blue(0)]: 0 });
  assert.deepEqual(wrapper.agents, []);
  assert.deepEqual(wrapper.possibleAgents, [blue(0)]);
  await assert.rejects(wrapper.step({}), {
    name: "UserError",
    message: /no agent left.*\n.*call reset/,
  });
});

Deno.test("missing and wrong actions are refused by name", async () => {
  const { environment, wrapper } = await wrapped(decide(0, 1), decide(0, 1));
  await wrapper.reset();
  const refuse = (actions: Record<string, number>, message: RegExp) =>
    assert.rejects(wrapper.step(actions), { name: "UserError", message });
  await refuse({ [blue(0)]: 0 }, /^Blue\?team=0\?agent_id=1: .*got none/);
  await refuse(
    { [blue(0)]: 0, [blue(1)]: 3 },
    /branch 0 of agent 1 is out of range \(found 3; allowed: 0 to 2\)/,
  );
  await refuse({ [blue(7)]: 0 }, /found "Blue.*\n.*Did you mean "Blue/);
  assert.deepEqual(environment.log, ["reset"]);
  await wrapper.step({ [blue(0)]: 0, [blue(1)]: 1 });
});

Deno.test("what cannot be wrapped is closed", async () => {
  const several = {
    ...spec,
    observationSpecs: [vectorObservation(1), vectorObservation(2)],
  };
  const script = [{ A: { decisions: [{ id: 0, sees: 4 }] } }];
  const make = () => new ScriptedEnvironment({ A: several }, [script]);
  const refused = make();
  await assert.rejects(ParallelWrapper.wrap(refused), /several sensors/);
  assert.deepEqual(refused.log, ["reset", "close"]);
  const environment = make();
  {
    await using wrapper = await ParallelWrapper.wrap(() => environment, {
      observations: allSensors,
    });
    const { shape } = several.observationSpecs[1];
    const space = wrapper.observationSpace("A?agent_id=0");
    assert(space.contains([Float32Array.of(4), new Float32Array(shape[0])]));
  }
  assert.equal(environment.log.at(-1), "close");
});

import assert from "node:assert/strict";
import { createSimulator } from "../../../lib/env/sims/registry.ts";
import { GymnasiumWrapper } from "../../../lib/env/wrappers/gymnasium_wrapper.ts";
import { Discrete } from "../../../lib/env/wrappers/spaces.ts";
import { type BehaviorSpec, vectorObservation } from "../../../lib/spec.ts";
import {
  ScriptedEnvironment,
  type ScriptedMessage,
} from "../../support/scripted_environment.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 0, discreteBranches: [2] },
};

/** Wraps a script; it begins twice, as wrapping resets once. */
async function wrapped(...messages: ScriptedMessage[]) {
  const environment = new ScriptedEnvironment(
    { A: spec, B: spec },
    [messages, messages],
  );
  const wrapper = await GymnasiumWrapper.wrap(environment);
  await wrapper.reset();
  environment.log.splice(0);
  return { environment, wrapper };
}

const begin: ScriptedMessage = { A: { decisions: [{ id: 3, sees: 1 }] } };

Deno.test("Basic is played to its goal", async () => {
  await using basic = await GymnasiumWrapper.wrap(
    createSimulator("Basic", { seed: 1 }),
  );
  assert(basic.actionSpace instanceof Discrete);
  const [first, info] = await basic.reset();
  assert.equal(first.indexOf(1), 10);
  assert.equal(info.behavior, "Basic?team=0");
  let total = 0;
  for (let position = 11; position <= 17; position++) {
    const [observation, reward, terminated, truncated] = await basic.step(2);
    assert(basic.observationSpace.contains(observation));
    assert.equal(observation.indexOf(1), position);
    total += reward;
    assert.deepEqual([terminated, truncated], [position === 17, false]);
  }
  assert(Math.abs(total - 0.93) < 1e-6);
  await assert.rejects(basic.step(2), /no episode .*\n.*Call reset/);
  const [again] = await basic.reset();
  assert.equal(again.indexOf(1), 10);
});

Deno.test("an interrupted episode is truncated", async () => {
  const { wrapper } = await wrapped(begin, {
    A: {
      decisions: [{ id: 3, sees: 8 }],
      ends: [{ id: 3, sees: 7, reward: 2, interrupted: true, groupReward: 5 }],
    },
  });
  const [observation, reward, terminated, truncated, info] = await wrapper
    .step(1);
  assert.deepEqual(observation, Float32Array.of(7));
  assert.deepEqual([reward, terminated, truncated], [2, false, true]);
  assert.equal(info.groupReward, 5);
});

Deno.test("an agent that rarely decides is waited for", async () => {
  const { environment, wrapper } = await wrapped(
    begin,
    {},
    { A: { ends: [{ id: 9 }] } },
    { A: { decisions: [{ id: 3, sees: 2, reward: 1 }] } },
    { A: { ends: [{ id: 3, reward: -1 }] } },
  );
  assert.equal((await wrapper.step(1))[1], 1);
  assert.deepEqual(environment.log, [
    "step [] [1]",
    "step [] []",
    "step [] []",
  ]);
  const [, reward, terminated] = await wrapper.step(0);
  assert.deepEqual([reward, terminated], [-1, true]);
});

Deno.test("a new id for the next episode is no second agent", async () => {
  const { wrapper } = await wrapped(begin, {
    A: { decisions: [{ id: 4 }], ends: [{ id: 3, reward: 1 }] },
  });
  const [, reward, terminated] = await wrapper.step(0);
  assert.deepEqual([reward, terminated], [1, true]);
});

Deno.test("several agents are refused, at first and later", async () => {
  const message = /exactly one agent \(found 12 agents: 3DBall.*, \.\.\.\)/;
  await assert.rejects(
    GymnasiumWrapper.wrap(createSimulator("3DBall")),
    { name: "UserError", message },
  );
  const { wrapper } = await wrapped(begin, {
    A: { decisions: [{ id: 3 }] },
    B: { decisions: [{ id: 1 }] },
  });
  await assert.rejects(wrapper.step(0), /found 2 agents: A\?agent_id=3, B/);
});

Deno.test("seeds make equal episodes", async () => {
  await using ball = await GymnasiumWrapper.wrap(
    (seed) => createSimulator("3DBall", { seed, areas: 1 }),
    { seed: 4 },
  );
  const [first] = await ball.reset({ seed: 5 });
  const [other] = await ball.reset({ seed: 6 });
  const [again] = await ball.reset({ seed: 5, options: { scale: 1 } });
  assert.deepEqual(again, first);
  assert.notDeepEqual(other, first);
});

/** What every environment must be behind the wrappers. */
import assert from "node:assert/strict";
import type { Environment } from "../../lib/env/env.ts";
import { AecWrapper } from "../../lib/env/wrappers/aec_wrapper.ts";
import { GymnasiumWrapper } from "../../lib/env/wrappers/gymnasium_wrapper.ts";
import { allSensors } from "../../lib/env/wrappers/observation_view.ts";
import { ParallelWrapper } from "../../lib/env/wrappers/parallel_wrapper.ts";
import { UserError } from "../../lib/errors.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

type Make = (seed: number) => Environment | Promise<Environment>;
type Wrapped = ParallelWrapper<readonly Float32Array[]>;

/**
 * Registers the tests of the wrappers over one environment, whose agents have
 * to end by random actions before long. PettingZoo's and Gymnasium's own rules.
 */
export function wrapperConformance(name: string, make: Make): void {
  const wrap = () => ParallelWrapper.wrap(make, { observations: allSensors });

  Deno.test(`${name}, parallel: agents play one episode each`, async () => {
    await using wrapper = await wrap();
    const random = new RandomGenerator(1);
    for (let round = 0; round < 2; round++) {
      const [observations, infos] = await wrapper.reset();
      assert.deepEqual(Object.keys(observations), wrapper.agents);
      assert.deepEqual(Object.keys(infos), wrapper.agents);
      const ended = new Set<string>();
      for (let i = 0; i < 200 && wrapper.numAgents > 0; i++) {
        const before = wrapper.agents;
        const results = await wrapper.step(
          randomActions(wrapper, infos, random),
        );
        const [seen, rewards, terminations, truncations] = results;
        for (const values of results) {
          const agents = Object.keys(values);
          assert(before.every((agent) => agents.includes(agent)));
          assert.deepEqual(agents, Object.keys(seen));
        }
        for (const agent of Object.keys(seen)) {
          assert(!ended.has(agent), `${agent} came back`);
          assert(wrapper.observationSpace(agent).contains(seen[agent]));
          assert(Number.isFinite(rewards[agent]));
          const isOver = terminations[agent] || truncations[agent];
          assert.equal(wrapper.agents.includes(agent), !isOver);
          if (isOver) ended.add(agent);
        }
        Object.assign(infos, results[4]);
      }
      assert(ended.size > 0, "no agent ended");
      assert(wrapper.agents.every((a) => wrapper.possibleAgents.includes(a)));
    }
  });

  Deno.test(`${name}, parallel: spaces are the same objects always`, async () => {
    await using wrapper = await wrap();
    for (const agent of wrapper.possibleAgents) {
      assert.equal(wrapper.actionSpace(agent), wrapper.actionSpace(agent));
      const space = wrapper.observationSpace(agent);
      assert.equal(space, wrapper.observationSpace(agent));
    }
    assert.throws(() => wrapper.actionSpace("nobody"), UserError);
  });

  Deno.test(`${name}, parallel: observations are kept unchanged`, async () => {
    await using wrapper = await wrap();
    const random = new RandomGenerator(2);
    let [observations, infos] = await wrapper.reset();
    for (let i = 0; i < 20 && wrapper.numAgents > 0; i++) {
      const copy = structuredClone(observations);
      const results = await wrapper.step(randomActions(wrapper, infos, random));
      assert.deepEqual(observations, copy);
      [observations, , , , infos] = results;
    }
  });

  Deno.test(`${name}, parallel: a seed gives the same episodes`, async () => {
    await using wrapper = await wrap();
    const play = async (seed: number) => {
      const random = new RandomGenerator(3);
      const log: unknown[] = [];
      let [observations, infos] = await wrapper.reset({ seed });
      for (let i = 0; i < 30 && wrapper.numAgents > 0; i++) {
        log.push(observations, infos);
        const actions = randomActions(wrapper, infos, random);
        const results = await wrapper.step(actions);
        log.push(results.slice(1, 4));
        [observations, , , , infos] = results;
      }
      return log;
    };
    assert.deepEqual(await play(5), await play(5));
  });

  Deno.test(`${name}, taking turns: every end is told once`, async () => {
    await using wrapper = new AecWrapper(await wrap());
    const random = new RandomGenerator(4);
    await wrapper.reset();
    const ended = new Set<string>();
    for (const agent of wrapper.agentIter(2000)) {
      const [observation, , terminated, truncated, info] = wrapper.last();
      assert(wrapper.agents.includes(agent));
      assert(wrapper.observationSpace(agent).contains(observation));
      assert(!ended.has(agent), `${agent} came back`);
      if (terminated || truncated) {
        ended.add(agent);
        await wrapper.step(null);
      } else {
        const space = wrapper.actionSpace(agent);
        await wrapper.step(space.sample(random, info.actionMask));
      }
    }
    assert(ended.size > 0, "no agent ended");
  });

  Deno.test(`${name}, one agent: episode after episode, or a refusal`, async () => {
    const parallel = await wrap();
    const isSingle = parallel.numAgents === 1;
    await parallel.close();
    const wrapping = GymnasiumWrapper.wrap(make, { observations: allSensors });
    if (!isSingle) {
      await assert.rejects(wrapping, /exactly one agent/);
      return;
    }
    await using wrapper = await wrapping;
    const random = new RandomGenerator(5);
    for (let episode = 0; episode < 3; episode++) {
      let [observation, info] = await wrapper.reset();
      let isOver = false;
      while (!isOver) {
        assert(wrapper.observationSpace.contains(observation));
        const action = wrapper.actionSpace.sample(random, info.actionMask);
        const step = await wrapper.step(action);
        isOver = step[2] || step[3];
        [observation, , , , info] = step;
      }
      await assert.rejects(wrapper.step(0), UserError);
    }
  });
}

/** An action of its space for every agent that awaits one. */
function randomActions(
  wrapper: Wrapped,
  infos: Awaited<ReturnType<Wrapped["reset"]>>[1],
  random: RandomGenerator,
) {
  return Object.fromEntries(
    wrapper.agents.filter((agent) => infos[agent].awaitsAction).map((agent) => [
      agent,
      wrapper.actionSpace(agent).sample(random, infos[agent].actionMask),
    ]),
  );
}

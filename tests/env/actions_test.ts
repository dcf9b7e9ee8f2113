import assert from "node:assert/strict";
import {
  placeAction,
  randomActions,
  randomChoice,
  zeroActions,
} from "../../lib/env/actions.ts";
import { createAgentColumns } from "../../lib/env/columns.ts";
import type { AgentAction } from "../../lib/env/env.ts";
import { UserError } from "../../lib/errors.ts";
import type { BehaviorSpec } from "../../lib/spec.ts";
import { RandomGenerator } from "../../lib/util/random.ts";

const spec: BehaviorSpec = {
  observationSpecs: [],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};

/** Columns with agents 10, 11, 12. */
function threeAgents() {
  const decision = createAgentColumns(spec, 4);
  for (const id of [10, 11, 12]) decision.addRow(id);
  return decision;
}

Deno.test("zero actions have a row for each agent", () => {
  const { continuous, discrete } = zeroActions(spec.actionSpec, 3);
  assert.deepEqual(continuous, new Float32Array(6));
  assert.deepEqual(discrete, new Int32Array(6));
});

Deno.test("random actions are seeded, in range and use every choice", () => {
  const decision = threeAgents();
  const draw = (random: RandomGenerator) =>
    randomActions(spec.actionSpec, decision, random);
  assert.deepEqual(draw(new RandomGenerator(1)), draw(new RandomGenerator(1)));
  const random = new RandomGenerator(2);
  const counts = [[0, 0, 0], [0, 0]];
  for (let i = 0; i < 1000; i++) {
    const { continuous, discrete } = draw(random);
    assert(continuous.every((value) => value >= -1 && value < 1));
    discrete.forEach((choice, at) => counts[at % 2][choice]++);
  }
  for (const count of counts[0]) assert(Math.abs(count - 1000) < 100);
  for (const count of counts[1]) assert(Math.abs(count - 1500) < 100);
});

Deno.test("random actions keep to the masks", () => {
  const decision = threeAgents();
  const mask = decision.maskActions();
  // The second agent may choose 2 only, and 0 only.
  mask.set([0, 0, 1, 1, 0], 5);
  const random = new RandomGenerator(3);
  const seen = new Set<number>();
  for (let i = 0; i < 100; i++) {
    const { discrete } = randomActions(spec.actionSpec, decision, random);
    assert.deepEqual([...discrete.subarray(2, 4)], [2, 0]);
    seen.add(discrete[0]);
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
});

Deno.test("a branch that is masked as a whole gives 0", () => {
  const random = new RandomGenerator(1);
  assert.equal(randomChoice(3, random, new Uint8Array(3)), 0);
});

Deno.test("one agent's action goes into its row alone", () => {
  const actions = zeroActions(spec.actionSpec, 3);
  const place = (agentId: number, action: AgentAction) =>
    placeAction("A", spec.actionSpec, threeAgents(), agentId, action, actions);
  place(11, { continuous: [0.5, -0.25], discrete: [2, 1] });
  assert.deepEqual([...actions.continuous], [0, 0, 0.5, -0.25, 0, 0]);
  assert.deepEqual([...actions.discrete], [0, 0, 2, 1, 0, 0]);
  const before = structuredClone(actions);
  const wrong: readonly [number, AgentAction, RegExp][] = [
    [9, {}, /^A: Agent 9 does not wait .*allowed: agents 10, 11, 12\)/],
    [11, {}, /Wrong number of continuous actions/],
    [11, { continuous: [1, 2] }, /Wrong number of discrete actions/],
    [
      11,
      { continuous: [1, NaN], discrete: [0, 0] },
      /action 1 of agent 11 is not a number/,
    ],
    [
      11,
      { continuous: [1, 1], discrete: [0, 2] },
      /branch 1 of agent 11 is out of range/,
    ],
    [11, { continuous: [1, 1], discrete: [0.5, 0] }, /branch 0 .*out of range/],
  ];
  for (const [agentId, action, message] of wrong) {
    assert.throws(() => place(agentId, action), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(actions, before);
});

Deno.test("many agents are not listed one by one", () => {
  const decision = createAgentColumns(spec, 20);
  const actions = zeroActions(spec.actionSpec, 20);
  const place = () =>
    placeAction("A", spec.actionSpec, decision, 99, {}, actions);
  assert.throws(place, /no agent does at present/);
  for (let id = 0; id < 20; id++) decision.addRow(id);
  assert.throws(
    place,
    /allowed: agents 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.\)/,
  );
});

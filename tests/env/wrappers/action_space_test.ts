import assert from "node:assert/strict";
import {
  actionSpaceOf,
  type SpaceAction,
  toAgentAction,
} from "../../../lib/env/wrappers/action_space.ts";
import {
  Box,
  Discrete,
  MultiDiscrete,
  TupleSpace,
} from "../../../lib/env/wrappers/spaces.ts";
import type { ActionSpec } from "../../../lib/spec.ts";
import { RandomGenerator } from "../../../lib/util/random.ts";

const continuous: ActionSpec = { continuousSize: 2, discreteBranches: [] };
const single: ActionSpec = { continuousSize: 0, discreteBranches: [3] };
const several: ActionSpec = { continuousSize: 0, discreteBranches: [3, 2] };
const hybrid: ActionSpec = { continuousSize: 1, discreteBranches: [3, 2] };
const hybridSingle: ActionSpec = { continuousSize: 2, discreteBranches: [4] };

Deno.test("each kind of actions has its space", () => {
  const box = actionSpaceOf(continuous);
  assert(box instanceof Box);
  assert.deepEqual([box.low, box.high, box.shape], [-1, 1, [2]]);
  const discrete = actionSpaceOf(single);
  assert(discrete instanceof Discrete);
  assert.equal(discrete.n, 3);
  const multi = actionSpaceOf(several);
  assert(multi instanceof MultiDiscrete);
  assert.deepEqual(multi.nvec, [3, 2]);
  const kinds = [hybrid, hybridSingle].map((spec) => {
    const tuple = actionSpaceOf(spec);
    assert(tuple instanceof TupleSpace);
    return tuple.spaces.map(({ constructor }) => constructor);
  });
  assert.deepEqual(kinds, [[Box, MultiDiscrete], [Box, Discrete]]);
});

Deno.test("what a space holds is an action", () => {
  const random = new RandomGenerator(1);
  for (const spec of [continuous, single, several, hybrid, hybridSingle]) {
    const sampled = actionSpaceOf(spec).sample(random);
    const action = toAgentAction("A", spec, sampled);
    assert.equal(action.continuous?.length ?? 0, spec.continuousSize);
    assert.equal(action.discrete?.length ?? 0, spec.discreteBranches.length);
  }
});

Deno.test("plain numbers and lists do as well", () => {
  const cases: [ActionSpec, SpaceAction, unknown][] = [
    [continuous, [0.5, -1], { continuous: [0.5, -1] }],
    [single, 2, { discrete: [2] }],
    [single, [2], { discrete: [2] }],
    [several, [2, 1], { discrete: [2, 1] }],
    [several, Int32Array.of(2, 1), { discrete: [2, 1] }],
    [hybrid, [[0.5], [2, 1]], { continuous: [0.5], discrete: [2, 1] }],
    [hybridSingle, [[1, 0], 3], { continuous: [1, 0], discrete: [3] }],
  ];
  for (const [spec, action, expected] of cases) {
    assert.deepEqual(toAgentAction("A", spec, action), expected);
  }
});

Deno.test("another structure is refused", () => {
  const wrong: [ActionSpec, SpaceAction, RegExp][] = [
    [continuous, [[0.5, -1]], /^A: .*without further brackets/],
    [several, [[2], [1]], /without further brackets/],
    [hybrid, 1, /\[continuous actions, discrete actions\]/],
    [hybrid, [[0.5], [2, 1], 0], /\[continuous actions, discrete actions\]/],
  ];
  for (const [spec, action, message] of wrong) {
    assert.throws(() => toAgentAction("A", spec, action), {
      name: "UserError",
      message,
    });
  }
});

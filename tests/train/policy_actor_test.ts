import assert from "node:assert/strict";
import { columnNames } from "../../lib/algo/column_names.ts";
import { Rollout } from "../../lib/data/rollout.ts";
import { UserError } from "../../lib/errors.ts";
import { branchTotal } from "../../lib/spec.ts";
import { PolicyActor } from "../../lib/train/policy_actor.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { agentRecords } from "../support/agent_records.ts";
import { assertClose } from "../support/closeness.ts";
import { actionKinds, PpoCase } from "../support/ppo_case.ts";

const count = 5;

/** A rollout that holds the case's experience in its first rows. */
function rolloutOf({ networks, columns }: PpoCase, rows = count): Rollout {
  const { spec } = networks.settings;
  const rollout = new Rollout(spec, 3 * rows);
  const agents = Array.from({ length: rows }, (_, id) => ({ id }));
  rollout.appendDecisions(agentRecords(spec, agents).decision);
  rollout.observations.forEach((column, sensor) => {
    const { data } = columns[columnNames.observation(sensor)];
    column.set(Float32Array.from(data, Number));
  });
  if (branchTotal(networks.actions) > 0) {
    rollout.mask.set(Float32Array.from(columns.mask.data, Number));
  }
  return rollout;
}

function actorOf(
  test: PpoCase,
  { seed = 1, deterministic = false } = {},
): PolicyActor {
  const random = new RandomGenerator(seed, "noise");
  const actor = new PolicyActor(test.networks, random, deterministic);
  actor.publish({ ...test.weights, ...test.normalizer });
  return actor;
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  const { continuousSize, discreteBranches } = actions;
  const branches = discreteBranches.length;

  Deno.test(`${kind}: raw actions are kept, limited ones are returned`, () => {
    const test = new PpoCase(actions, count);
    const rollout = rolloutOf(test);
    const actor = actorOf(test, { deterministic: true });
    // Rows 1 to 3 only.
    const taken = actor.act(rollout, 1, 3);
    const rows = test.rows.slice(1, 4);
    const means = continuousSize > 0
      ? rows.flatMap(({ observation }) => test.plain.mean(observation))
      : [];
    const choices = branches > 0
      ? rows.flatMap(({ observation, mask }) =>
        test.plain.probabilities(observation, mask).map((p) =>
          p.indexOf(Math.max(...p))
        )
      )
      : [];
    const limited = means.map((u) => Math.min(Math.max(u, -3), 3) / 3);
    assertClose(taken.continuous, limited, 1e-5);
    assert.deepEqual([...taken.discrete], choices);
    const [a, b] = [continuousSize, 4 * continuousSize];
    assertClose(rollout.continuous.slice(a, b), means, 1e-5);
    const kept = rollout.discrete.slice(branches, 4 * branches);
    assert.deepEqual([...kept], choices);
    // The rows around stay as they were.
    assert(rollout.continuous.slice(0, a).every((value) => value === 0));
    assert(rollout.continuous.slice(b).every((value) => value === 0));
    assert(rollout.discrete.slice(4 * branches).every((value) => value === 0));
    actor.close();
  });

  Deno.test(`${kind}: draws repeat with the generator's state`, () => {
    const test = new PpoCase(actions, count);
    const draw = (seed: number) => {
      const actor = actorOf(test, { seed });
      const drawn = Array.from({ length: 20 }, () => {
        const { continuous, discrete } = actor.act(rolloutOf(test), 0, count);
        return [...continuous, ...discrete];
      });
      actor.close();
      return drawn;
    };
    const first = draw(1);
    assert.deepEqual(draw(1), first);
    assert.notDeepEqual(draw(2), first);
    assert(new Set(first.map((drawn) => drawn.join())).size > 1);
  });
}

Deno.test("an agent's action does not depend on who else asks", () => {
  const agents = 40;
  for (const actions of Object.values(actionKinds)) {
    const test = new PpoCase(actions, agents);
    const actor = actorOf(test, { deterministic: true });
    const rows = (first: number, count: number) => {
      const taken = actor.act(rolloutOf(test, agents), first, count);
      return [...taken.continuous, ...taken.discrete];
    };
    const { continuous, discrete } = actor.act(
      rolloutOf(test, agents),
      0,
      agents,
    );
    const [a, b] = [continuous.length, discrete.length].map((n) => n / agents);
    // Sizes up and down: no call sees anything of the one before.
    for (const [first, count] of [[0, 1], [3, 17], [39, 1], [8, 24], [1, 2]]) {
      assert.deepEqual(rows(first, count), [
        ...continuous.slice(first * a, (first + count) * a),
        ...discrete.slice(first * b, (first + count) * b),
      ]);
    }
    actor.close();
  }
});

Deno.test("drawn choices are allowed ones", () => {
  const test = new PpoCase(actionKinds.discrete, count);
  const actor = actorOf(test);
  for (let i = 0; i < 200; i++) {
    const { discrete } = actor.act(rolloutOf(test), 0, count);
    discrete.forEach((choice, at) => {
      const start = at % 2 === 0 ? 0 : 3;
      const { mask } = test.rows[Math.floor(at / 2)];
      assert.equal(mask[start + choice], 1);
    });
  }
  actor.close();
});

Deno.test("new weights take effect, unknown names are left out", () => {
  const test = new PpoCase(actionKinds.continuous, count);
  const actor = actorOf(test, { deterministic: true });
  const before = [...actor.act(rolloutOf(test), 0, 1).continuous];
  const bias = { data: Float32Array.of(9, -9), shape: [2] };
  const unknown = { data: new Float32Array(1), shape: [1] };
  actor.publish({ "actor.continuous.bias": bias, "critic.other": unknown });
  const after = actor.act(rolloutOf(test), 0, 1).continuous;
  assert.notDeepEqual(before, [1, -1]);
  assert.deepEqual([...after], [1, -1]);
  actor.close();
});

Deno.test("no agents take no actions", () => {
  for (const actions of Object.values(actionKinds)) {
    const test = new PpoCase(actions, count);
    const actor = actorOf(test);
    const { continuous, discrete } = actor.act(rolloutOf(test), count, 0);
    assert.deepEqual([continuous.length, discrete.length], [0, 0]);
    actor.close();
  }
});

Deno.test("a policy that has become not-a-number is refused", () => {
  const test = new PpoCase(actionKinds.continuous, count);
  const actor = actorOf(test);
  const bias = { data: Float32Array.of(NaN, 0), shape: [2] };
  actor.publish({ "actor.continuous.bias": bias });
  const refused = (error: unknown) => {
    assert(error instanceof UserError);
    assert.match(error.message, /actions are not numbers any more/);
    return true;
  };
  assert.throws(() => actor.act(rolloutOf(test), 0, 2), refused);
  actor.close();
});

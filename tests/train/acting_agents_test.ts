import assert from "node:assert/strict";
import type { BehaviorSpec } from "../../lib/spec.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { ActingAgents } from "../../lib/train/acting_agents.ts";
import type { Arrival } from "../../lib/train/trainer.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

const arrival = (
  source: number,
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
): Arrival => ({ source, steps: agentRecords(spec, decisions, ends) });

Deno.test("episodes are summed, and numbered in the order of their beginnings", () => {
  const agents = new ActingAgents(0);
  assert.deepEqual(agents.ingest([arrival(0, [{ id: 5 }, { id: -2 }])]), []);
  const decisions = [{ id: 5, reward: 1 }, { id: -2, reward: 10 }];
  agents.ingest([arrival(0, decisions)]);
  // One ends and begins anew at once; its first record has no reward yet.
  const ended = agents.ingest([
    arrival(0, [{ id: -2, reward: 20 }, { id: 5 }], [{ id: 5, reward: 2 }]),
  ]);
  assert.deepEqual(ended, [{ number: 0, reward: 3, length: 2 }]);
  assert.deepEqual(
    agents.ingest([
      arrival(0, [], [{ id: 5, reward: 4 }, { id: -2, reward: 30 }]),
    ]),
    [
      { number: 2, reward: 4, length: 1 },
      { number: 1, reward: 60, length: 3 },
    ],
  );
});

Deno.test("an end without a beginning is no episode", () => {
  const agents = new ActingAgents(0);
  assert.deepEqual(agents.ingest([arrival(0, [], [{ id: 1, reward: 3 }])]), []);
});

Deno.test("what a group earned is told once, of the member that ends last", () => {
  const agents = new ActingAgents(0);
  const member = (id: number, groupReward = 0) => ({
    id,
    groupId: 7,
    groupReward,
  });
  const all = [{ id: 9 }, member(1), member(2), member(3)];
  // Others may have a group of that number elsewhere.
  agents.ingest([arrival(0, all), arrival(1, [member(1)])]);
  const first = agents.ingest([
    arrival(0, [member(1, 2), member(3, 2)], [member(2, 2), { id: 9 }]),
  ]);
  assert.deepEqual(first, [
    { number: 2, reward: 0, length: 1 },
    { number: 0, reward: 0, length: 1 },
  ]);
  // Those who begin in the same step are another group.
  const last = [member(3, 0.5), member(1, 0.5)];
  const ends = agents.ingest([arrival(0, [member(1), member(3)], last)]);
  assert.deepEqual(ends, [
    { number: 3, reward: 0, length: 2 },
    { number: 1, reward: 0, length: 2, groupReward: 2.5 },
  ]);
});

Deno.test("agents of several sources are told apart", () => {
  const agents = new ActingAgents(1);
  const both = [arrival(0, [{ id: 1 }]), arrival(3, [{ id: 1 }, { id: 2 }])];
  agents.ingest(both);
  agents.remember(both, Float32Array.of(0.5, 3.5, 3.25));
  assert.deepEqual([...agents.recall(both)], [0.5, 3.5, 3.25]);
  const later = [arrival(3, [{ id: 2 }]), arrival(0, [{ id: 1 }])];
  assert.deepEqual([...agents.recall(later)], [3.25, 0.5]);
  const ended = agents.ingest([arrival(3, [], [{ id: 1, reward: 1 }])]);
  assert.deepEqual(ended.map(({ number }) => number), [1]);
});

Deno.test("memories begin at zero in every episode", () => {
  const agents = new ActingAgents(2);
  const first = [arrival(0, [{ id: 1 }, { id: 2 }])];
  agents.ingest(first);
  assert.deepEqual([...agents.recall(first)], [0, 0, 0, 0]);
  agents.remember(first, Float32Array.of(1, 2, 3, 4));
  const next = [arrival(0, [{ id: 1 }, { id: 2 }], [{ id: 2 }])];
  agents.ingest(next);
  assert.deepEqual([...agents.recall(next)], [1, 2, 0, 0]);
});

Deno.test("what is kept does not change with the array that it came in", () => {
  const agents = new ActingAgents(1);
  const one = [arrival(0, [{ id: 1 }])];
  agents.ingest(one);
  const given = Float32Array.of(7);
  agents.remember(one, given);
  given[0] = 0;
  agents.recall(one)[0] = 0;
  assert.deepEqual([...agents.recall(one)], [7]);
});

Deno.test("a source that is reset begins anew, the others go on", () => {
  const agents = new ActingAgents(1);
  const both = [arrival(0, [{ id: 1 }]), arrival(1, [{ id: 1 }])];
  agents.ingest(both);
  agents.remember(both, Float32Array.of(5, 6));
  agents.forget(0);
  agents.ingest(both);
  assert.deepEqual([...agents.recall(both)], [0, 6]);
  agents.forgetAll();
  agents.ingest(both);
  assert.deepEqual([...agents.recall(both)], [0, 0]);
});

import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  type CollectedSegment,
  Collector,
  type Ingested,
} from "../../lib/train/collector.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";
import {
  GroupScene,
  type Piece,
  PlainGroupCollector,
  type Report,
  sorted,
} from "../support/plain_group_collector.ts";

const spec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

/** A collector of groups. */
class Collection {
  readonly rollout = new Rollout(spec, 2, [], { hasGroups: true });
  readonly collector: Collector;

  constructor(timeHorizon = 100) {
    this.collector = new Collector("Crew", this.rollout, { timeHorizon });
  }

  round(...reports: Report[]): Ingested {
    return this.collector.ingest(
      reports.map(({ decisions = [], ends = [] }, source) => ({
        source,
        steps: agentRecords(spec, decisions, ends),
      })),
    );
  }

  pieces({ segments }: Ingested): Piece[] {
    return segments.map((segment) => this.#describe(segment));
  }

  #describe({ rows, bootstrapRow }: CollectedSegment): Piece {
    const { rewards } = this.rollout;
    return {
      sees: [...rows].map((row) => this.#seen(row)),
      rewards: [...rows].map((row) => rewards[row]),
      mates: [...rows].map((row) => this.#matesOf(row)),
      last: bootstrapRow < 0 ? null : sorted([
        this.#seen(bootstrapRow),
        ...this.#matesOf(bootstrapRow),
      ]),
    };
  }

  #seen(row: number): number {
    return this.rollout.observations[0][row];
  }

  #matesOf(row: number): number[] {
    const mates = this.rollout.groups?.of(row) ?? assert.fail();
    return sorted([...mates].map((mate) => this.#seen(mate)));
  }
}

/** A member of group 7. */
const one = (id: number, sees: number, reward = 0): AgentRecord => ({
  id,
  sees,
  reward,
  groupId: 7,
});

Deno.test("mates are those of the group that decide in the same round", () => {
  const it = new Collection();
  const loner = { id: 3, sees: 30 };
  const stranger = { id: 4, sees: 40, groupId: 8 };
  it.round(
    { decisions: [one(1, 10), one(2, 20), loner, stranger] },
    { decisions: [one(1, 50)] },
  );
  const end = it.round({
    ends: [one(1, 11), one(2, 21), { id: 3 }, { id: 4, groupId: 8 }],
  }, { ends: [one(1, 51)] });
  const mates = it.pieces(end).map((piece) => piece.mates);
  assert.deepEqual(mates, [[[20]], [[10]], [[]], [[]], [[]]]);
  assert.equal(it.rollout.groups?.widest, 1);
});

Deno.test("a reward is the agent's, its mates' and the group's", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20), { id: 3, sees: 30 }] });
  const end = it.round({
    ends: [
      { ...one(1, 11, 1), groupReward: 100 },
      { ...one(2, 21, 2), groupReward: 200 },
      { id: 3, reward: 4, groupReward: 400 },
    ],
  });
  const rewards = it.pieces(end).map((piece) => piece.rewards);
  assert.deepEqual(rewards, [[103], [203], [404]]);
  // Returns are the agents' own, and the group's.
  assert.deepEqual(end.episodes, [
    { reward: 1, length: 1, groupReward: 100 },
    { reward: 2, length: 1, groupReward: 200 },
    { reward: 4, length: 1 },
  ]);
});

Deno.test("without groups a rollout keeps none and rewards are the agent's", () => {
  const rollout = new Rollout(spec);
  const collector = new Collector("Crew", rollout, { timeHorizon: 9 });
  const ingest = (decisions: AgentRecord[], ends: AgentRecord[] = []) =>
    collector.ingest([{
      source: 0,
      steps: agentRecords(spec, decisions, ends),
    }]);
  ingest([one(1, 10), one(2, 20)]);
  const { segments, episodes } = ingest([one(2, 21, 5)], [one(1, 11, 1)]);
  assert.equal(rollout.groups, null);
  assert.deepEqual([...rollout.rewards.slice(0, 2)], [1, 5]);
  assert.equal(segments[0].bootstrapRow, -1);
  assert.deepEqual(episodes, [{ reward: 1, length: 1 }]);
  assert.equal(
    Object.keys(collector.snapshot()).some((name) => /group|mate/.test(name)),
    false,
  );
});

Deno.test("F-7: a mate's reward counts once, however often others decide", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  it.round({ decisions: [one(1, 11, 1)] });
  it.round({ decisions: [one(1, 12, 2)] });
  // The mate that decides seldom gets what came in the meantime, too.
  const end = it.round({ ends: [one(1, 13, 4), one(2, 21, 50)] });
  assert.deepEqual(it.pieces(end), [
    // Its reward of 50 comes to the first agent once, when it is known.
    {
      sees: [10, 11, 12],
      rewards: [1, 2, 54],
      mates: [[20], [], []],
      last: null,
    },
    { sees: [20], rewards: [57], mates: [[10]], last: null },
  ]);
});

Deno.test("F-8: an agent's end is followed by its mates' newest state", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20), one(3, 30)] });
  const end = it.round({
    decisions: [one(2, 21, 5), one(3, 31, 6)],
    ends: [one(1, 11, 1)],
  });
  // Rewards of the round in which it ended are all there, and so are states.
  assert.deepEqual(it.pieces(end), [
    { sees: [10], rewards: [12], mates: [[20, 30]], last: [21, 31] },
  ]);
  assert.deepEqual(end.episodes, [{ reward: 1, length: 1 }]);
});

Deno.test("F-8: a mate that has decided only once lives all the same", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10)] });
  it.round({ decisions: [one(1, 11), one(2, 20)] });
  const end = it.round({ ends: [one(1, 12, 1)] });
  assert.deepEqual(it.pieces(end)[0].last, [20]);
});

Deno.test("only when all are done nothing follows", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  const first = it.round({ decisions: [one(2, 21)], ends: [one(1, 11)] });
  assert.deepEqual(it.pieces(first)[0].last, [21]);
  const last = it.round({ ends: [one(2, 22)] });
  assert.equal(it.pieces(last)[0].last, null);
});

Deno.test("who begins in the round of a group's end is another group", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  it.round({ decisions: [one(2, 21, 9)], ends: [one(1, 11)] });
  const end = it.round({
    decisions: [one(1, 100), one(2, 200)],
    ends: [{ ...one(2, 22, 1), groupReward: 50 }],
  });
  assert.deepEqual(it.pieces(end), [
    { sees: [20, 21], rewards: [9, 51], mates: [[10], []], last: null },
  ]);
  const next = it.round({ ends: [one(1, 101, 1), one(2, 201, 2)] });
  assert.deepEqual(it.pieces(next).map(({ rewards }) => rewards), [[3], [3]]);
});

Deno.test("who joins a group that goes on is seen after an end", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  const end = it.round({
    decisions: [one(2, 21), one(3, 30)],
    ends: [one(1, 11)],
  });
  assert.deepEqual(it.pieces(end)[0].last, [21, 30]);
});

Deno.test("after an interruption nobody takes the agent's place", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  const end = it.round({
    decisions: [one(2, 21), one(3, 30)],
    ends: [{ ...one(1, 11), interrupted: true }],
  });
  // The third would be a member too many: the first goes on in what follows.
  assert.deepEqual(it.pieces(end)[0].last, [11, 21]);
  assert.equal(it.rollout.groups?.widest, 1);
  const next = it.round({
    decisions: [one(2, 22)],
    ends: [{ ...one(3, 31), interrupted: true }],
  });
  assert.deepEqual(it.pieces(next)[0].last, [22, 31]);
});

Deno.test("an interrupted group's last states are seen together", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20), one(3, 30)] });
  const cut = { interrupted: true };
  const end = it.round({
    decisions: [one(1, 100), one(2, 200), one(3, 300)],
    ends: [{ ...one(1, 11), ...cut }, { ...one(2, 21), ...cut }, one(3, 31)],
  });
  const last = it.pieces(end).map((piece) => piece.last);
  // The one that is done in that round sees what the others would go on from.
  assert.deepEqual(last, [[11, 21], [11, 21], [11, 21]]);
});

Deno.test("a piece that is cut ends with its mates' decisions of then", () => {
  const it = new Collection(1);
  it.round({ decisions: [one(1, 10), one(2, 20)] });
  const cut = it.round({ decisions: [one(1, 11, 1), one(2, 21, 2)] });
  assert.deepEqual(it.pieces(cut), [
    { sees: [10], rewards: [3], mates: [[20]], last: [11, 21] },
    { sees: [20], rewards: [3], mates: [[10]], last: [11, 21] },
  ]);
});

Deno.test("compaction keeps what mates of the unfinished saw and did", () => {
  const it = new Collection();
  it.round({ decisions: [one(1, 10), one(2, 20), one(3, 30)] });
  it.round({ decisions: [one(2, 21)], ends: [one(1, 11), one(3, 31)] });
  const { rollout, collector } = it;
  rollout.continuous.set([0.1, 0.2, 0.3]);
  collector.compact();
  // The states after the two ends are gone, what was decided is not.
  assert.equal(rollout.size, 4);
  const end = it.round({ ends: [one(2, 22)] });
  assert.deepEqual(it.pieces(end)[0].mates, [[10, 30], []]);
  const mates = rollout.groups?.of(end.segments[0].rows[0]) ?? assert.fail();
  assert.deepEqual(
    [...mates].map((row) => rollout.continuous[row]),
    [0.1, 0.3].map(Math.fround),
  );
  collector.compact();
  assert.equal(rollout.size, 0);
});

Deno.test("a source that is lost takes its groups along", () => {
  const it = new Collection();
  const both = [one(1, 10), one(2, 20)];
  it.round({ decisions: both }, { decisions: both });
  it.collector.forgetSource(0);
  it.round({ decisions: both }, { decisions: both });
  const end = it.round({ ends: [one(1, 11, 1)] }, { ends: [one(1, 11, 1)] });
  assert.deepEqual(it.pieces(end).map(({ sees, last }) => ({ sees, last })), [
    { sees: [10], last: [20] },
    { sees: [10, 10], last: [20] },
  ]);
  it.collector.forgetAgents();
  it.round({ decisions: [one(1, 10)] });
  const alone = it.round({ ends: [one(1, 11)] });
  assert.equal(it.pieces(alone)[0].last, null);
});

Deno.test("random groups are collected as a plain collector does", () => {
  let seen = 0;
  for (let seed = 0; seed < 30; seed++) {
    const horizon = 1 + seed % 5;
    const it = new Collection(horizon);
    const plain = [
      new PlainGroupCollector(horizon),
      new PlainGroupCollector(horizon),
    ];
    const scenes = [new GroupScene(seed), new GroupScene(1000 + seed)];
    for (let step = 0; step < 120; step++) {
      const reports = scenes.map((scene) => scene.step());
      const pieces = it.pieces(it.round(...reports));
      const expected = plain.flatMap((each, i) => each.ingest(reports[i]));
      const byFirst = (a: Piece, b: Piece) =>
        a.sees[0] - b.sees[0] || a.rewards[0] - b.rewards[0];
      assert.deepEqual(
        pieces.sort(byFirst),
        expected.sort(byFirst),
        `seed ${seed}, step ${step}`,
      );
      seen += pieces.length;
      if (scenes[0].random.integer(9) === 0) it.collector.compact();
    }
  }
  assert(seen > 5000, `${seen} pieces`);
});

Deno.test("a restored collector goes on with the groups of the saved one", () => {
  for (let seed = 0; seed < 5; seed++) {
    const scene = new GroupScene(seed);
    const saved = new Collection(4);
    for (let step = 0; step < 41; step++) saved.round(scene.step());
    const restored = new Collection(4);
    restored.round({ decisions: [one(99, 99), one(98, 98), one(97, 97)] });
    restored.collector.restore(saved.collector.snapshot());
    for (let step = 0; step < 60; step++) {
      const report = scene.step();
      const [a, b] = [saved, restored].map((each) => {
        const ingested = each.round(report);
        if (step % 10 === 9) each.collector.compact();
        return { ...ingested, pieces: each.pieces(ingested) };
      });
      assert.deepEqual(b, a);
    }
    const [a, b] = [saved, restored].map((each) => each.collector.snapshot());
    assert.deepEqual(b, a);
  }
});

Deno.test("nothing is heaped up while members come and go", () => {
  const it = new Collection(5);
  const scene = new GroupScene(7);
  let most = 0;
  for (let step = 0; step < 3000; step++) {
    it.round(scene.step());
    if (step % 20 !== 0) continue;
    it.collector.compact();
    most = Math.max(most, it.rollout.size);
  }
  // 5 decisions of 6 agents, and as many mates as can have seen them.
  assert(most <= 6 * 5 + 6 * 5 * 5, `${most} rows`);
  const { "groups.keys": groups } = it.collector.snapshot();
  assert(groups.data.length <= 2, `${groups.data.length} groups`);
});

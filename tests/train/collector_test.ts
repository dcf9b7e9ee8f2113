import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { UserError } from "../../lib/errors.ts";
import { vectorObservation } from "../../lib/spec.ts";
import {
  Collector,
  type Ingested,
  type Segment,
} from "../../lib/train/collector.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";

const spec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

/** A collector with its rollout, and its pieces in readable form. */
class Collection {
  readonly rollout = new Rollout(spec, 2);
  readonly collector: Collector;

  constructor(timeHorizon = 100) {
    this.collector = new Collector("Ball", this.rollout, { timeHorizon });
  }

  ingest(
    decisions: readonly AgentRecord[],
    ends: readonly AgentRecord[] = [],
    source = 0,
  ): Ingested {
    const steps = agentRecords(spec, decisions, ends);
    return this.collector.ingest([{ source, steps }]);
  }

  /** What an agent saw, what followed, and what it saw last, if anything. */
  describe({ rows, bootstrapRow }: Segment) {
    const [observations] = this.rollout.observations;
    return {
      sees: [...rows].map((row) => observations[row]),
      rewards: [...rows].map((row) => this.rollout.rewards[row]),
      last: bootstrapRow < 0 ? null : observations[bootstrapRow],
    };
  }

  pieces(ingested: Ingested) {
    return ingested.segments.map((segment) => this.describe(segment));
  }
}

Deno.test("a true end closes a piece without a following state", () => {
  const it = new Collection();
  const first = it.ingest([{ id: 1, reward: 99, sees: 5 }]);
  assert.deepEqual(first, { first: 0, count: 1, segments: [], episodes: [] });
  assert.equal(it.ingest([{ id: 1, reward: 1, sees: 6 }]).first, 1);
  const last = it.ingest([], [{ id: 1, reward: 2, sees: 7 }]);
  // The first decision's own reward followed no decision.
  const expected = { sees: [5, 6], rewards: [1, 2], last: null };
  assert.deepEqual(it.pieces(last), [expected]);
  assert.deepEqual(last.episodes, [{ reward: 3, length: 2 }]);
  assert.equal(it.rollout.size, 2);
});

Deno.test("after an interruption the last state is to be valued", () => {
  const it = new Collection();
  it.ingest([{ id: 1, sees: 5 }]);
  const end = { id: 1, reward: 2, sees: 7, interrupted: true };
  const last = it.ingest([{ id: 2, sees: 1 }], [end]);
  const expected = { sees: [5], rewards: [2], last: 7 };
  assert.deepEqual(it.pieces(last), [expected]);
  // The row of that state is nobody's decision.
  assert.deepEqual([last.first, last.count], [2, 1]);
});

Deno.test("pieces are cut at the horizon, and the episode goes on", () => {
  const it = new Collection(2);
  it.ingest([{ id: 1, sees: 10 }]);
  it.ingest([{ id: 1, reward: 1, sees: 11 }]);
  const cut = it.ingest([{ id: 1, reward: 2, sees: 12 }]);
  const first = { sees: [10, 11], rewards: [1, 2], last: 12 };
  assert.deepEqual(it.pieces(cut), [first]);
  assert.deepEqual(cut.episodes, []);
  const end = it.ingest([], [{ id: 1, reward: 3, sees: 13 }]);
  // The state that ended the first piece begins the second.
  const second = { sees: [12], rewards: [3], last: null };
  assert.deepEqual(it.pieces(end), [second]);
  assert.deepEqual(end.episodes, [{ reward: 6, length: 3 }]);
});

Deno.test("an end at the horizon closes one piece, not two", () => {
  const it = new Collection(2);
  it.ingest([{ id: 1, sees: 10 }]);
  it.ingest([{ id: 1, reward: 1, sees: 11 }]);
  const end = it.ingest([{ id: 1, sees: 20 }], [{ id: 1, reward: 2 }]);
  const only = { sees: [10, 11], rewards: [1, 2], last: null };
  assert.deepEqual(it.pieces(end), [only]);
  // The same agent began its next episode in that very step.
  const next = it.ingest([], [{ id: 1, reward: 5 }]);
  const piece = { sees: [20], rewards: [5], last: null };
  assert.deepEqual(it.pieces(next), [piece]);
  assert.deepEqual(next.episodes, [{ reward: 5, length: 1 }]);
});

Deno.test("agents of different sources are different, whatever their ids", () => {
  const it = new Collection();
  const keys = [[0, 1], [1, 1], [0, -1], [1, -1], [0, 2 ** 31 - 1]] as const;
  keys.forEach(([source, id], i) => it.ingest([{ id, sees: i }], [], source));
  keys.forEach(([source, id], i) => {
    const ended = it.ingest([], [{ id, reward: 10 * i }], source);
    const piece = { sees: [i], rewards: [10 * i], last: null };
    assert.deepEqual(it.pieces(ended), [piece], `source ${source}, id ${id}`);
  });
});

Deno.test("one round: all ends first, then decisions without a gap", () => {
  const it = new Collection();
  const round = (
    ...sources: { decisions: AgentRecord[]; ends?: AgentRecord[] }[]
  ) =>
    it.collector.ingest(sources.map(({ decisions, ends }, i) => ({
      source: 10 * i,
      steps: agentRecords(spec, decisions, ends),
    })));
  round({ decisions: [{ id: 1, sees: 1 }, { id: 2, sees: 2 }] }, {
    decisions: [{ id: 1, sees: 3 }],
  });
  const ended = round(
    { decisions: [{ id: 1, reward: 5, sees: 4 }] },
    { decisions: [] },
    { decisions: [{ id: 1, sees: 5 }], ends: [{ id: 7, reward: 9 }] },
  );
  // Only the first source's agent went on, only it has a reward so far.
  assert.deepEqual([ended.first, ended.count], [3, 2]);
  const last = round(
    { decisions: [{ id: 2, reward: 1, sees: 6 }] },
    {
      decisions: [{ id: 1, sees: 7 }],
      ends: [{ id: 1, reward: 2, sees: 8, interrupted: true }],
    },
  );
  // A state that is only valued lies before the decisions.
  assert.deepEqual([last.first, last.count], [6, 2]);
  const [observations] = it.rollout.observations;
  assert.deepEqual([...observations.slice(0, 8)], [1, 2, 3, 4, 5, 8, 6, 7]);
  const piece = { sees: [3], rewards: [2], last: 8 };
  assert.deepEqual(it.pieces(last), [piece]);
  assert.deepEqual([...it.rollout.rewards.slice(0, 2)], [5, 1]);
});

Deno.test("group rewards are learned from, but are not the agent's return", () => {
  const it = new Collection();
  it.ingest([{ id: 1 }]);
  const end = it.ingest([], [{ id: 1, reward: 1, groupReward: 10 }]);
  assert.deepEqual(it.pieces(end)[0].rewards, [11]);
  assert.deepEqual(end.episodes, [{ reward: 1, length: 1 }]);
});

Deno.test("an agent that ends before it decided leaves nothing", () => {
  const it = new Collection();
  const end = it.ingest([], [{ id: 1, reward: NaN, interrupted: true }]);
  assert.deepEqual([end.segments, end.episodes, it.rollout.size], [[], [], 0]);
});

Deno.test("a reward that is no number is refused by name", () => {
  const refused = (error: unknown) => {
    assert(error instanceof UserError);
    assert.match(error.message, /Ball: agent 7 received a reward/);
    assert.match(error.message, /found (NaN|-?Infinity)/);
    return true;
  };
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const kind of ["reward", "groupReward"]) {
      const it = new Collection();
      it.ingest([{ id: 7 }]);
      const record = { id: 7, [kind]: bad };
      assert.throws(() => it.ingest([record]), refused);
      assert.throws(() => it.ingest([], [record]), refused);
    }
  }
});

Deno.test("compaction keeps what is unfinished, and only that", () => {
  const it = new Collection();
  it.ingest([{ id: 1, sees: 10 }, { id: 2, sees: 20 }]);
  it.ingest([{ id: 2, reward: 2, sees: 21 }], [{ id: 1, reward: 1 }]);
  it.ingest([{ id: 3, sees: 30 }, { id: 2, reward: 3, sees: 22 }]);
  const moved = it.collector.compact();
  // Rows 0 .. 4 saw 10, 20, 21, 30, 22.
  assert.deepEqual([...moved], [-1, 0, 1, 2, 3]);
  assert.equal(it.rollout.size, 4);
  const end = it.ingest([], [{ id: 2, reward: 4 }, { id: 3, reward: 5 }]);
  assert.deepEqual(it.pieces(end), [
    { sees: [20, 21, 22], rewards: [2, 3, 4], last: null },
    { sees: [30], rewards: [5], last: null },
  ]);
  it.collector.compact();
  assert.equal(it.rollout.size, 0);
});

Deno.test("without rows returns are counted all the same", () => {
  const it = new Collection();
  it.ingest([{ id: 1, sees: 1 }]);
  it.collector.forgetRows();
  assert.equal(it.rollout.size, 0);
  it.ingest([{ id: 1, reward: 1, sees: 2 }]);
  it.collector.forgetRows();
  it.ingest([{ id: 1, reward: 2, sees: 3 }]);
  it.collector.forgetRows();
  assert.throws(() => it.ingest([{ id: 1, reward: NaN }]), UserError);
  const end = it.ingest([], [{ id: 1, reward: 4 }]);
  assert.deepEqual(end.episodes.map(({ reward }) => reward), [7]);
  assert.deepEqual(end.segments, []);
});

Deno.test("a reset drops agents with what they had", () => {
  const it = new Collection();
  it.ingest([{ id: 1, sees: 1 }]);
  it.collector.forgetAgents();
  it.ingest([{ id: 1, reward: 50, sees: 2 }]);
  const end = it.ingest([], [{ id: 1, reward: 1 }]);
  const piece = { sees: [2], rewards: [1], last: null };
  assert.deepEqual(it.pieces(end), [piece]);
  assert.deepEqual(end.episodes, [{ reward: 1, length: 1 }]);
});

Deno.test("one source is forgotten, whatever its agents' ids, others stay", () => {
  const it = new Collection();
  const ids = [0, 1, -1, 2 ** 31 - 1];
  for (const source of [0, 1, 2]) {
    it.ingest(ids.map((id) => ({ id, sees: source })), [], source);
  }
  it.collector.forgetSource(1);
  const ends = ids.map((id) => ({ id, reward: 1 }));
  const finished = [0, 1, 2].map((source) =>
    it.ingest([], ends, source).episodes.length
  );
  assert.deepEqual(finished, [4, 0, 4]);
});

/** A scene of agents that come, decide at random and end in all ways. */
class Scene {
  readonly random: RandomGenerator;
  readonly #waiting = new Set<number>();
  #sight = 0;

  constructor(seed: number) {
    this.random = new RandomGenerator(seed, "scene");
  }

  step(): { decisions: AgentRecord[]; ends: AgentRecord[] } {
    const record = (id: number): AgentRecord => ({
      id,
      reward: this.random.integer(100),
      sees: ++this.#sight,
    });
    const decisions: AgentRecord[] = [];
    const ends: AgentRecord[] = [];
    for (let id = 0; id < 6; id++) {
      const chance = this.random.integer(10);
      if (!this.#waiting.has(id)) {
        if (chance < 4) decisions.push(record(id));
      } else if (chance < 3) {
        ends.push({ ...record(id), interrupted: chance === 0 });
        if (chance === 1) decisions.push(record(id));
      } else if (chance < 9) {
        decisions.push(record(id));
      }
    }
    for (const { id } of ends) this.#waiting.delete(id);
    for (const { id } of decisions) this.#waiting.add(id);
    return { decisions, ends };
  }
}

/** The same bookkeeping, one object per agent. */
class PlainCollector {
  readonly #agents = new Map<number, { sees: number[]; rewards: number[] }>();
  readonly #horizon: number;

  constructor(horizon: number) {
    this.#horizon = horizon;
  }

  ingest(decisions: AgentRecord[], ends: AgentRecord[]) {
    const pieces: ReturnType<Collection["describe"]>[] = [];
    for (const { id, reward = 0, sees = 0, interrupted } of ends) {
      const agent = this.#agents.get(id);
      if (!agent) continue;
      agent.rewards.push(reward);
      pieces.push({ ...agent, last: interrupted ? sees : null });
      this.#agents.delete(id);
    }
    for (const { id, reward = 0, sees = 0 } of decisions) {
      const agent = this.#agents.get(id);
      agent?.rewards.push(reward);
      if (!agent) {
        this.#agents.set(id, { sees: [sees], rewards: [] });
      } else if (agent.sees.length >= this.#horizon) {
        pieces.push({ ...agent, last: sees });
        this.#agents.set(id, { sees: [sees], rewards: [] });
      } else {
        agent.sees.push(sees);
      }
    }
    return pieces;
  }
}

Deno.test("random scenes are collected as a plain collector does", () => {
  for (let seed = 0; seed < 20; seed++) {
    const horizon = 1 + seed % 5;
    const it = new Collection(horizon);
    const plain = new PlainCollector(horizon);
    const scene = new Scene(seed);
    for (let step = 0; step < 120; step++) {
      const { decisions, ends } = scene.step();
      const ingested = it.ingest(decisions, ends);
      const expected = plain.ingest(decisions, ends);
      assert.deepEqual(it.pieces(ingested), expected, `seed ${seed}`);
      const [observations] = it.rollout.observations;
      decisions.forEach(({ sees }, i) =>
        assert.equal(observations[ingested.first + i], sees)
      );
      if (scene.random.integer(9) === 0) it.collector.compact();
    }
  }
});

Deno.test("a restored collector goes on as the saved one", () => {
  const scene = new Scene(3);
  const saved = new Collection(4);
  for (let step = 0; step < 37; step++) {
    const { decisions, ends } = scene.step();
    saved.ingest(decisions, ends, step % 2);
  }
  const restored = new Collection(4);
  restored.ingest([{ id: 99, sees: 99 }]);
  const snapshot = saved.collector.snapshot();
  restored.collector.restore(snapshot);
  for (let step = 37; step < 90; step++) {
    const { decisions, ends } = scene.step();
    const [a, b] = [saved, restored].map((each) => {
      const ingested = each.ingest(decisions, ends, step % 2);
      if (step % 10 === 0) each.collector.compact();
      return { ...ingested, pieces: each.pieces(ingested) };
    });
    assert.deepEqual(b, a);
  }
  const [a, b] = [saved, restored].map((each) => each.collector.snapshot());
  assert.deepEqual(b, a);
});

Deno.test("segments say whose they are and what was seen last, if asked", () => {
  for (const keepsFinalRows of [false, true]) {
    const rollout = new Rollout(spec);
    const collector = new Collector("Ball", rollout, {
      timeHorizon: 1,
      keepsFinalRows,
    });
    const ingest = (decisions: AgentRecord[], ends: AgentRecord[] = []) =>
      collector.ingest([0, 1].map((source) => ({
        source,
        steps: agentRecords(spec, decisions, ends),
      })));
    ingest([{ id: 1, sees: 10 }]);
    const [cut, other] = ingest([{ id: 1, sees: 11 }]).segments;
    assert.deepEqual([cut.hasEnded, other.hasEnded], [false, false]);
    assert.equal(cut.finalRow, cut.bootstrapRow);
    assert.notEqual(cut.agent, other.agent);
    const ended = ingest([], [{ id: 1, sees: 12 }]).segments;
    assert.deepEqual(
      ended.map(({ agent, hasEnded, bootstrapRow }) => ({
        agent,
        hasEnded,
        bootstrapRow,
      })),
      [cut, other].map(({ agent }) => ({
        agent,
        hasEnded: true,
        bootstrapRow: -1,
      })),
    );
    const seen = ended.map(({ finalRow }) => rollout.observations[0][finalRow]);
    const nothing = [undefined, undefined];
    assert.deepEqual(seen, keepsFinalRows ? [12, 12] : nothing);
  }
});

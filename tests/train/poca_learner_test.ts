import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import type { Segment } from "../../lib/train/collector.ts";
import {
  learningTargets,
  segmentMeans,
} from "../../lib/train/learning_targets.ts";
import { PocaLearner } from "../../lib/train/poca_learner.ts";
import {
  drawMoments,
  findMoments,
  type MomentMinibatches,
} from "../../lib/train/moments.ts";
import {
  cutSequences,
  drawMinibatches,
  type Minibatches,
} from "../../lib/train/sequences.ts";
import { Timers } from "../../lib/train/timers.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { fillRollout } from "../support/fill_rollout.ts";
import { PlainAdam } from "../support/plain_ppo.ts";
import type { PlainGroupRow } from "../support/plain_poca.ts";
import { groupMates, PocaCase } from "../support/poca_case.ts";
import { actionKinds } from "../support/ppo_case.ts";

const hyperparameters = {
  batch_size: 2,
  buffer_size: 4,
  learning_rate: 0.01,
  beta: 0.02,
  epsilon: 0.2,
  lambd: 0.9,
  num_epoch: 1,
  learning_rate_schedule: "constant",
  beta_schedule: "constant",
  epsilon_schedule: "constant",
} as const;

const signals = [
  { name: "extrinsic", gamma: 0.9, strength: 1 },
  { name: "curiosity", gamma: 0.8, strength: 0.5 },
];

const memory = { memory_size: 4, sequence_length: 2 };

/** One cut before row 6, one ended, one that died and whose group goes on. */
const segments: Segment[] = [
  { rows: Int32Array.of(0, 3), bootstrapRow: 6 },
  { rows: Int32Array.of(1, 4), bootstrapRow: -1 },
  { rows: Int32Array.of(2), bootstrapRow: 7 },
];
const count = groupMates.length;

class LearnerCase {
  readonly test: PocaCase;
  readonly rollout: Rollout;
  readonly #runtime = new WorkerRuntime();

  constructor(actions: ActionSpec, remembers = false) {
    this.test = new PocaCase(actions, 1, remembers ? { memory } : {});
    const { networks, columns } = this.test;
    const { spec } = networks.settings;
    const memorySizes = networks.recurrent.map(() => memory.memory_size);
    this.rollout = new Rollout(spec, count, memorySizes, { hasGroups: true });
    fillRollout(this.rollout, columns, count);
    groupMates.forEach((mates, row) => this.setMates(row, mates));
  }

  setMates(row: number, mates: readonly number[]): void {
    this.rollout.groups?.set(row, mates.filter((mate) => mate >= 0));
  }

  create(change: { learning_rate?: number } = {}): PocaLearner {
    return PocaLearner.create(
      this.#runtime,
      this.test.networks,
      {
        hyperparameters: { ...hyperparameters, ...change },
        signals,
        maxSteps: 1000,
      },
      this.test.weights,
      new RandomGenerator(1, "shuffle"),
      new Timers(),
    );
  }

  update(learner: PocaLearner, pieces: readonly Segment[] = segments) {
    return learner.update(this.rollout, pieces, this.test.ppo.normalizer, 0);
  }

  async close(): Promise<void> {
    await this.#runtime.close();
  }
}

/** Runs a test on a case and ends its threads. */
function testLearner(
  name: string,
  test: (it: LearnerCase) => Promise<void>,
  remembers = false,
): void {
  Deno.test(name, async () => {
    const it = new LearnerCase(actionKinds.hybrid, remembers);
    try {
      await test(it);
    } finally {
      await it.close();
    }
  });
}

/** The same update, decision by decision. */
function plainUpdate({ test, rollout }: LearnerCase) {
  const { plain } = test;
  const estimates = (judge: (row: PlainGroupRow) => number[]) => ({
    data: Float64Array.from(test.rows.flatMap(judge)),
    shape: [count, 2],
  });
  const values = estimates((row) => plain.groupValues(row));
  const baselines = estimates((row) => plain.groupBaselines(row));
  const columns = learningTargets({
    rollout,
    segments,
    values,
    baselines,
    signals,
    lambda: hyperparameters.lambd,
  });
  const pair = (data: ArrayLike<number | bigint>, i: number) =>
    [data[2 * i], data[2 * i + 1]].map(Number);
  const rows = test.rows.map((row, i): PlainGroupRow => ({
    ...row,
    oldLogProbabilities: plain.logProbabilities(row),
    oldBaselines: pair(baselines.data, i),
    advantage: Number(columns.advantages.data[i]),
    returns: pair(columns.returns.data, i),
  }));
  const random = new RandomGenerator(1, "shuffle");
  const drawn = drawMinibatches(
    cutSequences(segments, 1),
    hyperparameters,
    random,
  );
  const groups = rollout.groups ?? assert.fail();
  const finished = segments.flatMap(({ rows }) => [...rows]);
  const moments = findMoments(finished, groups, 1 + test.widest);
  const criticDrawn = drawMoments(moments, hyperparameters, random);
  const [steps] = criticDrawn.rows.shape;
  assert.deepEqual(drawn.rows.shape, [steps, 2]);
  const learnedFrom = (batches: MomentMinibatches | Minibatches) => {
    const [count, width] = batches.rows.shape;
    return Array.from({ length: count }, (_, i) => {
      const own = batches.rows.data.subarray(i * width, (i + 1) * width);
      const share = batches.share.data.subarray(i * width, (i + 1) * width);
      return [...own].filter((_, at) => share[at] > 0).map((row) => rows[row]);
    });
  };
  const adam = new PlainAdam(plain);
  const { epsilon, beta, learning_rate } = hyperparameters;
  const losses: number[][] = [];
  const criticBatches = learnedFrom(criticDrawn);
  learnedFrom(drawn).forEach((batch, i) => {
    const judged = criticBatches[i];
    losses.push([
      plain.groupValueLoss(judged),
      plain.groupBaselineLoss(judged, epsilon),
    ]);
    const loss = () => plain.groupLoss(batch, epsilon, beta, judged);
    adam.step(loss, learning_rate);
  });
  const mean = (k: number) =>
    losses.reduce((sum, each) => sum + each[k], 0) / losses.length;
  return {
    valueLoss: mean(0),
    baselineLoss: mean(1),
    values: segmentMeans(values, segments),
    baselines: segmentMeans(baselines, segments),
  };
}

testLearner("an update of groups is what a plain one is", async (it) => {
  const learner = it.create();
  const report = await it.update(learner);
  const expected = plainUpdate(it);
  assertClose([report.valueLoss], [expected.valueLoss], 1e-4, "values");
  const { baselineLoss = NaN, baselines = [] } = report;
  assertClose([baselineLoss], [expected.baselineLoss], 1e-4, "baselines");
  assertClose(report.values.flat(), expected.values.flat(), 1e-4);
  assertClose(baselines.flat(), expected.baselines.flat(), 1e-4);
  const { weights } = it.test.plain;
  for (const [name, { values, shape }] of Object.entries(weights)) {
    assert.deepEqual(learner.weights[name].shape, shape);
    const found = Array.from(learner.weights[name].data, Number);
    // The gradient of keys' biases is rounding only.
    if (name.endsWith("queries_keys_values.bias")) {
      const third = values.length / 3;
      for (const list of [found, values]) list.splice(third, third);
    }
    assertClose(found, values, 2e-4, name);
  }
  learner.close();
});

testLearner(
  "a larger group changes nothing in what is thought of smaller ones (F-4)",
  async (it) => {
    const learner = it.create({ learning_rate: 1e-12 });
    const before = await it.update(learner);
    // Rows 7 and 8 become part of a group of five.
    it.setMates(7, [6, 2, 8, 0]);
    const [first, second] = segments;
    const { values, baselines } = await it.update(learner, [
      first,
      second,
      { rows: Int32Array.of(7), bootstrapRow: -1 },
    ]);
    const ofTwo = (means: readonly (readonly number[])[] = []) =>
      means.flatMap((each) => each.slice(0, 2));
    assertClose(ofTwo(values), ofTwo(before.values), 1e-5);
    assertClose(ofTwo(baselines), ofTwo(before.baselines), 1e-5);
    assert.deepEqual([...learner.snapshot()["group.places"].data], [5]);
  },
);

testLearner(
  "a restored learner of groups goes on as the saved one, bit for bit",
  async (it) => {
    const saved = it.create();
    await it.update(saved);
    const [a, b] = [it.create(), it.create()];
    a.restore(saved.snapshot());
    b.restore(saved.snapshot());
    // Groups are smaller for a while: the places stay.
    it.rollout.groups?.mates.fill(-1);
    const [first, second] = [await it.update(a), await it.update(b)];
    assert.deepEqual(second, first);
    assert.deepEqual(b.snapshot(), a.snapshot());
    assert.deepEqual([...b.snapshot()["group.places"].data], [3]);
    const other = it.create();
    other.initialize(saved.snapshot());
    assert.deepEqual(other.weights, saved.weights);
    assert.deepEqual([...other.snapshot()["actor.adam.steps"].data], [0]);
  },
);

testLearner("what was got ready for decides nothing", async (it) => {
  const [plain, prepared, surprised] = [0, 1, 2].map(() => it.create());
  prepared.prepare(it.rollout);
  const alone = new Rollout(it.rollout.spec, count, [], { hasGroups: true });
  fillRollout(alone, it.test.columns, count);
  surprised.prepare(alone);
  const report = await it.update(plain);
  for (const learner of [prepared, surprised]) {
    assert.deepEqual(await it.update(learner), report);
    assert.deepEqual(learner.snapshot(), plain.snapshot());
  }
});

testLearner("agents without groups are learned from alone", async (it) => {
  const groupless = new Rollout(it.rollout.spec, count);
  const learner = it.create();
  Object.assign(groupless, { ...it.rollout, groups: null });
  const report = await learner.update(
    groupless,
    segments,
    it.test.ppo.normalizer,
    0,
  );
  assert.deepEqual(report.baselines, report.values);
  assert.deepEqual([...learner.snapshot()["group.places"].data], [1]);
});

const ended = { rows: Int32Array.of(0, 3), bootstrapRow: -1 };
const next = { rows: Int32Array.of(5, 8), bootstrapRow: -1 };

testLearner(
  "nobody remembers what another agent or episode has seen (F-12)",
  async (it) => {
    const judge = async (...pieces: Segment[]) => {
      const learner = it.create();
      const { values, baselines = [] } = await it.update(learner, pieces);
      // By segment: values and baselines of both signals.
      return pieces.map((_, i) =>
        [...values, ...baselines].map((each) => each[i])
      );
    };
    const [alone] = await judge(next);
    const [, afterAnother] = await judge(ended, next);
    assertClose(afterAnother, alone, 1e-6);
    // Of the same agent, in the same episode, it does remember.
    const [, following] = await judge({ ...ended, bootstrapRow: 5 }, next);
    assert.notDeepEqual(following, alone);
  },
  true,
);

testLearner(
  "values and baselines have memories of their own, which outlive an update",
  async (it) => {
    const learner = it.create();
    const [, ...judges] = it.rollout.memories;
    const at = 6 * memory.memory_size;
    const rowOf = (column: Float32Array) => [
      ...column.slice(at, at + memory.memory_size),
    ];
    await it.update(learner);
    const [ofValues, ofBaselines] = judges.map(rowOf);
    assert(ofValues.some((value) => value !== 0));
    assert(ofBaselines.some((value) => value !== 0));
    // Mates were seen acting by one of them only.
    assert.notDeepEqual(ofBaselines, ofValues);
  },
  true,
);

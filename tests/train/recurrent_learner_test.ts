/** Updates of recurrent networks, against plain loops over sequences. */
import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import type { Segment } from "../../lib/train/collector.ts";
import {
  learningTargets,
  segmentMeans,
} from "../../lib/train/learning_targets.ts";
import { PpoLearner } from "../../lib/train/ppo_learner.ts";
import { cutSequences, drawMinibatches } from "../../lib/train/sequences.ts";
import { Timers } from "../../lib/train/timers.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { fillRollout } from "../support/fill_rollout.ts";
import { PlainAdam, type PlainRow } from "../support/plain_ppo.ts";
import { PlainRecurrentPpo } from "../support/plain_recurrent_ppo.ts";
import { actionKinds, PpoCase } from "../support/ppo_case.ts";

const hyperparameters = {
  // Two sequences; the fifth row is left out.
  batch_size: 5,
  buffer_size: 6,
  learning_rate: 0.01,
  beta: 0.02,
  epsilon: 0.2,
  lambd: 0.9,
  num_epoch: 2,
  shared_critic: false,
  clip_value_loss: false,
  joint_ratio: false,
  max_gradient_norm: null,
  target_kl: null,
  learning_rate_schedule: "constant",
  beta_schedule: "constant",
  epsilon_schedule: "constant",
} as const;

const signals = [
  { name: "extrinsic", gamma: 0.9, strength: 1 },
  { name: "curiosity", gamma: 0.8, strength: 0.5 },
];

const memory = { memory_size: 4, sequence_length: 2 };

/**
 * Of one agent rows 0, 2, 4 and 6, cut before 8; of another rows 1, 3, 5, after
 * which it ended. The second's last sequence is padded.
 */
const agents = [[0, 2, 4, 6, 8], [1, 3, 5]];
const segments: Segment[] = [
  { rows: Int32Array.of(0, 2, 4, 6), bootstrapRow: 8 },
  { rows: Int32Array.of(1, 3, 5), bootstrapRow: -1 },
];
/** The first agent's horizon came one step earlier. */
const cutSegments: Segment[] = [
  { rows: Int32Array.of(0, 2), bootstrapRow: 4 },
  { rows: Int32Array.of(1, 3, 5), bootstrapRow: -1 },
  { rows: Int32Array.of(4, 6), bootstrapRow: 8 },
];
const count = 9;

class RecurrentCase {
  readonly test: PpoCase;
  readonly rollout: Rollout;
  readonly plain: PlainRecurrentPpo;
  readonly #runtime = new WorkerRuntime();

  constructor(actions: ActionSpec, sharedCritic: boolean) {
    this.test = new PpoCase(actions, count, 1, { memory, sharedCritic });
    const { columns, networks, weights } = this.test;
    const { spec } = networks.settings;
    const size = memory.memory_size;
    const sizes = networks.recurrent.map(() => size);
    this.rollout = new Rollout(spec, count, sizes);
    fillRollout(this.rollout, columns, count);
    const random = new RandomGenerator(1, "memories");
    for (const column of this.rollout.memories) {
      // Both agents' episodes began earlier.
      for (let i = 0; i < 2 * size; i++) column[i] = random.normal();
    }
    this.plain = new PlainRecurrentPpo(weights, actions, 2);
  }

  create(): PpoLearner {
    return PpoLearner.create(
      this.#runtime,
      this.test.networks,
      { hyperparameters, signals, maxSteps: 1000 },
      this.test.weights,
      new RandomGenerator(1, "shuffle"),
      new Timers(),
    );
  }

  update(learner: PpoLearner, pieces = segments) {
    return learner.update(this.rollout, pieces, this.test.normalizer, 0);
  }

  async close(): Promise<void> {
    await this.#runtime.close();
  }
}

function testRecurrent(
  name: string,
  actions: ActionSpec,
  test: (it: RecurrentCase) => Promise<void>,
  sharedCritic = false,
): void {
  Deno.test(name, async () => {
    const it = new RecurrentCase(actions, sharedCritic);
    try {
      await test(it);
    } finally {
      await it.close();
    }
  });
}

/** The same update without programs. */
function plainUpdate({ test, rollout, plain }: RecurrentCase) {
  const observationOf = (row: number) => test.rows[row].observation;
  const size = memory.memory_size;
  const networkNames = test.networks.recurrent;
  /** Everything an agent saw lies in the past of what it sees. */
  for (const rows of agents) {
    const memories = Object.fromEntries(
      networkNames.map((network, k) => [
        network,
        [...rollout.memories[k].slice(rows[0] * size, (rows[0] + 1) * size)],
      ]),
    );
    rows.forEach((row, t) =>
      plain.pasts.set(observationOf(row), {
        memories,
        observations: rows.slice(0, t).map(observationOf),
      })
    );
  }
  const judged = agents.flat().toSorted((a, b) => a - b);
  const values = Array.from(
    { length: count },
    (_, row) =>
      judged.includes(row) ? plain.values(observationOf(row)) : [0, 0],
  ).flat();
  const estimates = { data: Float64Array.from(values), shape: [count, 2] };
  const columns = learningTargets({
    rollout,
    segments,
    values: estimates,
    signals,
    lambda: hyperparameters.lambd,
  });
  const lastMemory = plain.memoryAfter("critic", observationOf(6));
  const rows = new Map(
    segments.flatMap((segment) => [...segment.rows]).map((
      row,
    ): [number, PlainRow] => [row, {
      ...test.rows[row],
      oldLogProbabilities: plain.logProbabilities(test.rows[row]),
      advantage: Number(columns.advantages.data[row]),
      returns: Array.from(
        columns.returns.data.slice(2 * row, 2 * row + 2),
        Number,
      ),
    }]),
  );
  // From now on only the memory before a sequence counts, as it was then.
  const sequences = cutSequences(segments, memory.sequence_length);
  const starts = [...sequences.sizes.keys()].map((n) => {
    const own = [...sequences.rows.slice(2 * n, 2 * n + sequences.sizes[n])];
    const [agent] = agents.filter((rows) => rows.includes(own[0]));
    const before = agent[agent.indexOf(own[0]) - 1];
    const memories = before === undefined
      ? plain.pasts.get(observationOf(own[0]))?.memories ?? {}
      : Object.fromEntries(
        networkNames.map((network) => [
          network,
          plain.memoryAfter(network, observationOf(before)),
        ]),
      );
    return { own, memories };
  });
  for (const { own, memories } of starts) {
    own.forEach((row, t) =>
      plain.pasts.set(observationOf(row), {
        memories,
        observations: own.slice(0, t).map(observationOf),
      })
    );
  }
  const drawn = drawMinibatches(
    sequences,
    hyperparameters,
    new RandomGenerator(1, "shuffle"),
  );
  const adam = new PlainAdam(plain);
  const losses: [number, number][] = [];
  const { epsilon, beta, learning_rate } = hyperparameters;
  for (let at = 0; at < drawn.sequences.data.length; at += 2) {
    const batch = [...drawn.sequences.data.slice(at, at + 2)]
      .flatMap((n) => starts[n].own)
      .map((row) => rows.get(row) ?? assert.fail());
    losses.push([plain.policyLoss(batch, epsilon), plain.valueLoss(batch)]);
    adam.step(() => plain.loss(batch, epsilon, beta), learning_rate);
  }
  const mean = (values: number[]) =>
    values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    policyLoss: mean(losses.map(([policy]) => Math.abs(policy))),
    valueLoss: mean(losses.map(([, value]) => value)),
    segmentValues: segmentMeans(estimates, segments),
    lastMemory,
  };
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  for (const sharedCritic of [false, true]) {
    testRecurrent(
      `${kind}${
        sharedCritic ? ", shared critic" : ""
      }: an update with memory is what a plain one is`,
      actions,
      checkUpdate,
      sharedCritic,
    );
  }
}

async function checkUpdate(it: RecurrentCase): Promise<void> {
  const learner = it.create();
  const expected = plainUpdate(it);
  const report = await it.update(learner);
  report.values.forEach((means, k) =>
    assertClose(means, expected.segmentValues[k], 1e-4, `signal ${k}`)
  );
  assertClose([report.policyLoss], [expected.policyLoss], 1e-4, "policy");
  assertClose([report.valueLoss], [expected.valueLoss], 1e-4, "value");
  for (const [name, { values }] of Object.entries(it.plain.weights)) {
    assertClose(learner.weights[name].data, values, 1e-4, name);
  }
  const critic = it.rollout.memories.at(1);
  if (!critic) return;
  // With this the critic goes on where the first agent was cut.
  assertClose(critic.slice(8 * 4), expected.lastMemory, 1e-5, "memory");
}

testRecurrent(
  "where an agent's experience is cut changes nothing for its memory",
  actionKinds.hybrid,
  async (it) => {
    // One horizon or two: sequences of two begin at the same rows.
    const whole = it.create();
    const report = await it.update(whole);
    const left = it.rollout.memories.map((column) => [...column]);
    const cut = it.create();
    const other = await it.update(cut, cutSegments);
    assert.deepEqual(it.rollout.memories.map((column) => [...column]), left);
    assert.equal(other.entropy, report.entropy);
    const [[first]] = report.values;
    const [[a, , b]] = other.values;
    assertClose([(a + b) / 2], [first], 1e-6);
  },
);

testRecurrent(
  "an agent's memory is nobody else's",
  actionKinds.continuous,
  async (it) => {
    const [alone, beside] = [it.create(), it.create()];
    const before = it.rollout.memories.map((column) => column.slice());
    const first = await it.update(alone);
    // The other agent saw and remembered something else.
    it.rollout.memories.forEach((column, k) => {
      column.set(before[k]);
      column.fill(2, 4, 8);
    });
    for (const row of [1, 3, 5]) {
      it.rollout.observations[0].fill(1, 2 * row, 2 * row + 2);
    }
    const second = await it.update(beside);
    assert.equal(second.values[0][0], first.values[0][0]);
    assert.notEqual(second.values[0][1], first.values[0][1]);
  },
);

testRecurrent(
  "a restored learner goes on as the saved one, bit for bit",
  actionKinds.discrete,
  async (it) => {
    const saved = it.create();
    await it.update(saved);
    const [a, b] = [it.create(), it.create()];
    a.restore(saved.snapshot());
    b.restore(saved.snapshot());
    const [first, second] = [await it.update(a), await it.update(b)];
    assert.deepEqual(second, first);
    assert.deepEqual(b.snapshot(), a.snapshot());
  },
);

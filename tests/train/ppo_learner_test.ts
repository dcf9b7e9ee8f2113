import assert from "node:assert/strict";
import { Rollout } from "../../lib/data/rollout.ts";
import { UserError } from "../../lib/errors.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import type { PpoHyperparameters } from "../../lib/settings/hyperparameters.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import { PpoLearner } from "../../lib/train/ppo_learner.ts";
import type { Segment } from "../../lib/train/collector.ts";
import {
  learningTargets,
  segmentMeans,
} from "../../lib/train/learning_targets.ts";
import { cutSequences, drawMinibatches } from "../../lib/train/sequences.ts";
import { Timers } from "../../lib/train/timers.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { fillRollout } from "../support/fill_rollout.ts";
import { PlainAdam, type PlainRow } from "../support/plain_ppo.ts";
import { actionKinds, PpoCase } from "../support/ppo_case.ts";

const hyperparameters = {
  batch_size: 3,
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
  learning_rate_schedule: "linear",
  beta_schedule: "constant",
  epsilon_schedule: "linear",
} as const;

const signals = [
  { name: "extrinsic", gamma: 0.9, strength: 1 },
  { name: "curiosity", gamma: 0.8, strength: 0.5 },
];

const maxSteps = 1000;

/** Rows 0, 2, 4 and 6 cut before 8; rows 1, 3, 5 ended; 7 is unfinished. */
const segments: Segment[] = [
  { rows: Int32Array.of(0, 2, 4, 6), bootstrapRow: 8 },
  { rows: Int32Array.of(1, 3, 5), bootstrapRow: -1 },
];
const count = 9;

class LearnerCase {
  readonly test: PpoCase;
  readonly rollout: Rollout;
  readonly #runtime = new WorkerRuntime();

  constructor(actions: ActionSpec, sharedCritic: boolean) {
    this.test = new PpoCase(actions, count, 1, { sharedCritic });
    const { columns, networks } = this.test;
    const { spec } = networks.settings;
    this.rollout = new Rollout(spec);
    fillRollout(this.rollout, columns, count);
  }

  create(
    seed = 1,
    change: Partial<PpoHyperparameters> = {},
  ): PpoLearner {
    return PpoLearner.create(
      this.#runtime,
      this.test.networks,
      {
        hyperparameters: { ...hyperparameters, ...change },
        signals,
        maxSteps,
      },
      this.test.weights,
      new RandomGenerator(seed, "shuffle"),
      new Timers(),
    );
  }

  update(learner: PpoLearner, step = 0) {
    const { normalizer } = this.test;
    return learner.update(this.rollout, segments, normalizer, step);
  }

  async close(): Promise<void> {
    await this.#runtime.close();
  }
}

/** Runs a test on a case and ends its threads. */
function testLearner(
  name: string,
  actions: ActionSpec,
  test: (it: LearnerCase) => Promise<void>,
  sharedCritic = false,
): void {
  Deno.test(name, async () => {
    const it = new LearnerCase(actions, sharedCritic);
    try {
      await test(it);
    } finally {
      await it.close();
    }
  });
}

/** The same update, decision by decision. */
function plainUpdate({ test, rollout }: LearnerCase, rate: number) {
  const { plain } = test;
  const values = test.rows.flatMap(({ observation }) =>
    plain.values(observation)
  );
  const estimates = { data: Float64Array.from(values), shape: [count, 2] };
  const columns = learningTargets({
    rollout,
    segments,
    values: estimates,
    signals,
    lambda: hyperparameters.lambd,
  });
  const { data: advantages } = columns.advantages;
  const { data: returns } = columns.returns;
  const rows = test.rows.map((row, i): PlainRow => ({
    ...row,
    oldLogProbabilities: plain.logProbabilities(row),
    advantage: Number(advantages[i]),
    returns: Array.from(returns.slice(2 * i, 2 * i + 2), Number),
  }));
  const random = new RandomGenerator(1, "shuffle");
  const { rows: minibatches } = drawMinibatches(
    cutSequences(segments, 1),
    hyperparameters,
    random,
  );
  const entropies = segments.flatMap((segment) =>
    [...segment.rows].map((row) => plain.entropy(rows[row]))
  );
  const adam = new PlainAdam(plain);
  const losses: [number, number][] = [];
  const { epsilon, beta } = hyperparameters;
  for (let at = 0; at < minibatches.data.length; at += 3) {
    const batch = [...minibatches.data.slice(at, at + 3)].map((i) => rows[i]);
    losses.push([plain.policyLoss(batch, epsilon), plain.valueLoss(batch)]);
    adam.step(() => plain.loss(batch, epsilon, beta), rate);
  }
  const mean = (numbers: number[]) =>
    numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return {
    policyLoss: mean(losses.map(([policy]) => Math.abs(policy))),
    valueLoss: mean(losses.map(([, value]) => value)),
    entropy: mean(entropies),
    segmentValues: segmentMeans(estimates, segments),
  };
}

for (const [kind, actions] of Object.entries(actionKinds)) {
  for (const sharedCritic of [false, true]) {
    testLearner(
      `${kind}${
        sharedCritic ? ", shared critic" : ""
      }: an update is what a plain one is`,
      actions,
      checkUpdate,
      sharedCritic,
    );
  }
}

async function checkUpdate(it: LearnerCase): Promise<void> {
  const learner = it.create();
  const report = await it.update(learner);
  const expected = plainUpdate(it, hyperparameters.learning_rate);
  assertClose([report.policyLoss], [expected.policyLoss], 1e-4, "policy");
  assertClose([report.valueLoss], [expected.valueLoss], 1e-4, "value");
  assertClose([report.entropy], [expected.entropy], 1e-4, "entropy");
  report.values.forEach((means, k) =>
    assertClose(means, expected.segmentValues[k], 1e-4, `signal ${k}`)
  );
  for (
    const [name, { values, shape }] of Object.entries(it.test.plain.weights)
  ) {
    assert.deepEqual(learner.weights[name].shape, shape);
    assertClose(learner.weights[name].data, values, 1e-4, name);
  }
  learner.close();
}

testLearner(
  "states without a decision do not count in the entropy",
  actionKinds.discrete,
  async (it) => {
    const learner = it.create();
    const before = await it.update(learner);
    // An ended agent's last state has no mask: all choices look alike there.
    const other = it.create();
    it.rollout.mask.fill(0, 7 * 5);
    const after = await it.update(other);
    assert.equal(after.entropy, before.entropy);
  },
);

testLearner(
  "rate, clip range and entropy weight follow their schedules",
  actionKinds.continuous,
  async (it) => {
    const learner = it.create();
    const { learningRate, epsilon, beta } = await it.update(learner, 500);
    const expected = [(0.01 + 1e-10) / 2, 0.15, 0.02];
    assertClose([learningRate, epsilon, beta], expected, 1e-9);
  },
);

testLearner(
  "a restored learner goes on as the saved one, bit for bit",
  actionKinds.hybrid,
  async (it) => {
    const saved = it.create();
    await it.update(saved);
    // Generators are saved by their owner: both begin alike here.
    const [a, b] = [it.create(7), it.create(7)];
    a.restore(saved.snapshot());
    b.restore(saved.snapshot());
    const [first, second] = [await it.update(a), await it.update(b)];
    assert.deepEqual(second, first);
    assert.deepEqual(b.snapshot(), a.snapshot());
    assert.notDeepEqual(b.snapshot(), saved.snapshot());
    // Two epochs of two minibatches each time: the optimiser counts on.
    assert.deepEqual([...b.snapshot()["actor.adam.steps"].data], [8]);
  },
);

testLearner(
  "initialising takes weights and starts the optimiser anew",
  actionKinds.continuous,
  async (it) => {
    const trained = it.create();
    await it.update(trained);
    const fresh = it.create();
    fresh.initialize(trained.snapshot());
    assert.deepEqual(fresh.weights, trained.weights);
    const { "actor.adam.steps": steps, "actor.adam.first": first } = fresh
      .snapshot();
    assert.deepEqual([...steps.data], [0]);
    assert(Array.from(first.data, Number).every((value) => value === 0));
  },
);

testLearner(
  "an update that ends in no numbers is refused and forgotten",
  actionKinds.continuous,
  async (it) => {
    const learner = it.create();
    const before = structuredClone(learner.snapshot());
    it.rollout.rewards.fill(1e30);
    await assert.rejects(it.update(learner), (error: unknown) => {
      assert(error instanceof UserError);
      assert.match(error.message, /training diverged/);
      return true;
    });
    assert.deepEqual(learner.snapshot(), before);
  },
);

for (const sharedCritic of [false, true]) {
  const kind = sharedCritic ? ", shared critic" : "";
  const actors = sharedCritic ? "shared" : "actor";
  const critics = sharedCritic ? "shared" : "critic";
  const stepsOf = (learner: PpoLearner, group: string) =>
    Number(learner.snapshot()[`${group}.adam.steps`].data[0]);

  testLearner(
    `a policy that has moved far enough stops${kind}`,
    actionKinds.hybrid,
    async (it) => {
      const learner = it.create(1, { target_kl: 1e-5 });
      await it.update(learner);
      // Nothing has moved before the first of four minibatches.
      assert.equal(stepsOf(learner, actors), 1);
      assert.equal(stepsOf(learner, critics), sharedCritic ? 1 : 4);
      const far = it.create(1, { target_kl: 1e5 });
      const plain = it.create();
      await it.update(far);
      await it.update(plain);
      assert.deepEqual(far.snapshot(), plain.snapshot());
    },
    sharedCritic,
  );

  testLearner(
    `every key of ours changes what is learned${kind}`,
    actionKinds.hybrid,
    async (it) => {
      const plain = it.create();
      await it.update(plain);
      const changes: [Partial<PpoHyperparameters>, readonly string[]][] = [
        [{ clip_value_loss: true, epsilon: 1e-3 }, ["critic"]],
        [{ joint_ratio: true }, ["actor"]],
        [{ max_gradient_norm: 1e-3 }, ["actor", "critic"]],
      ];
      for (const [change, networks] of changes) {
        const learner = it.create(1, change);
        await it.update(learner);
        for (const network of networks) {
          const name = network === "actor"
            ? "actor.discrete.bias"
            : "critic.value.bias";
          assert.notDeepEqual(
            learner.weights[name],
            plain.weights[name],
            Object.keys(change).join(),
          );
        }
      }
    },
    sharedCritic,
  );
}

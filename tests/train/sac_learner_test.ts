import assert from "node:assert/strict";
import { columnNames } from "../../lib/algo/column_names.ts";
import { actNames } from "../../lib/algo/act_program.ts";
import { UserError } from "../../lib/errors.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import type { SacHyperparameters } from "../../lib/settings/hyperparameters.ts";
import { SacLearner } from "../../lib/train/sac_learner.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { actionKinds } from "../support/ppo_case.ts";
import {
  SacCase,
  type SacCaseOptions,
  sacDiscounts,
} from "../support/sac_case.ts";

const hyperparameters: SacHyperparameters = {
  batch_size: 4,
  buffer_size: 100,
  buffer_init_steps: 0,
  learning_rate: 0.02,
  learning_rate_schedule: "linear",
  tau: 0.1,
  steps_per_update: 1,
  save_replay_buffer: false,
  init_entcoef: 0.5,
  reward_signal_steps_per_update: 1,
  twin_minimum: false,
  random_action_steps: 0,
};

const maxSteps = 1000;

/** By their names the second one ignores the end of an episode. */
const signals = sacDiscounts.map(({ gamma, ignoresDone }) => ({
  name: ignoresDone ? "curiosity" : "extrinsic",
  gamma,
  strength: 1,
}));

/** A learner that draws the very noise of the case, and what it learns from. */
class LearnerCase {
  readonly test: SacCase;
  readonly runtime = new WorkerRuntime(1);
  readonly columns: NamedArrays;

  constructor(kind: keyof typeof actionKinds, options: SacCaseOptions) {
    this.test = new SacCase(actionKinds[kind], options);
    const { [actNames.continuousNoise]: _, ...columns } = this.test.columns;
    this.columns = columns;
  }

  /** So many numbers were drawn before. */
  create(
    change: Partial<SacHyperparameters> = {},
    drawn = 0,
  ): SacLearner {
    const learner = SacLearner.create(
      this.runtime,
      this.test.networks,
      {
        hyperparameters: { ...hyperparameters, ...change },
        signals,
        maxSteps,
      },
      Object.fromEntries(
        this.test.networks.parameters.map(({ name }) => [
          name,
          this.test.weights[name],
        ]),
      ),
      new Replayed(this.test.columns[actNames.continuousNoise], drawn),
      new Timers(),
    );
    // The case's target network is not a copy of its state values.
    learner.initialize({ ...learner.snapshot(), ...this.test.weights });
    return learner;
  }

  /** Those updates of the columns. */
  from(first: number, last: number): NamedArrays {
    return Object.fromEntries(
      Object.entries(this.columns).map(([name, { data, shape }]) => {
        const width = data.length / shape[0];
        const own = data.slice(first * width, last * width);
        return [name, { data: own, shape: [last - first, ...shape.slice(1)] }];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.close();
  }
}

/** Gives numbers that are known, one after the other. */
class Replayed extends RandomGenerator {
  #next: number;
  readonly #numbers: readonly number[];

  constructor(numbers: NamedArray | undefined, next: number) {
    super(1);
    this.#next = next;
    this.#numbers = numbers ? Array.from(numbers.data, Number) : [];
  }

  override normal(): number {
    return this.#numbers[this.#next++ % this.#numbers.length];
  }
}

for (const kind of Object.keys(actionKinds)) {
  Deno.test(`${kind}: several updates of one call, as by hand`, async () => {
    await using own = new LearnerCase(kind, { updates: 3, batch: 4 });
    const learner = await own.create();
    const { plain, batches, normalizer } = own.test;
    const report = await learner.update(own.columns, normalizer, 500);
    // Half of the rate is left at half of the steps.
    assertClose([report.learningRate], [0.01], 1e-6);
    const losses = batches.map((batch) => plain.update(batch, 0.01));
    const mean = (name: keyof (typeof losses)[number]) =>
      losses.reduce((sum, each) => sum + each[name] / losses.length, 0);
    assertClose(
      [
        report.policyLoss,
        report.valueLoss,
        report.q1Loss,
        report.q2Loss,
        report.entropy,
      ],
      [
        mean("policy_loss"),
        mean("value_loss"),
        mean("q1_loss"),
        mean("q2_loss"),
        mean("entropy"),
      ],
      1e-3,
    );
    const state = learner.snapshot();
    for (const [name, { values }] of Object.entries(plain.weights)) {
      assertClose(state[name].data, values, 1e-3, name);
    }
    assert.equal(report.continuousTemperature === null, kind === "discrete");
    assert.equal(report.discreteTemperature === null, kind === "continuous");
    assert.equal(report.values.length, signals.length);
  });
}

Deno.test("a restored learner goes on bit for bit, temperatures too (F-29)", async () => {
  await using own = new LearnerCase("hybrid", { updates: 4, batch: 4 });
  const { normalizer } = own.test;
  const [whole, first, second] = [
    await own.create(),
    await own.create(),
    await own.create({}, 2 * 4),
  ];
  await whole.update(own.from(0, 2), normalizer, 0);
  await whole.update(own.from(2, 4), normalizer, 10);
  await first.update(own.from(0, 2), normalizer, 0);
  const state = first.snapshot();
  for (
    const name of [
      "temperature.continuous",
      "temperature.discrete",
      "target.body.0.weight",
      "sac.adam.first",
      "sac.adam.second",
      "sac.adam.steps",
    ]
  ) assert(name in state, name);
  assert.notDeepEqual(
    state["temperature.continuous"].data,
    own.test.weights["temperature.continuous"].data,
  );
  second.restore(state);
  await second.update(own.from(2, 4), normalizer, 10);
  assert.deepEqual(second.snapshot(), whole.snapshot());
});

Deno.test("the target network begins as the state values", async () => {
  await using own = new LearnerCase("continuous", { updates: 1, batch: 4 });
  const { networks, weights } = own.test;
  const learner = SacLearner.create(
    own.runtime,
    networks,
    { hyperparameters, signals, maxSteps },
    Object.fromEntries(
      networks.parameters.map(({ name }) => [name, weights[name]]),
    ),
    new RandomGenerator(1),
    new Timers(),
  );
  const state = learner.snapshot();
  for (const { name } of networks.targetParameters) {
    const source = name.replace("target", "value");
    assert.deepEqual(state[name].data, weights[source].data, name);
  }
});

Deno.test("numbers that are not finite are refused and change nothing", async () => {
  await using own = new LearnerCase("continuous", { updates: 2, batch: 4 });
  const learner = await own.create();
  const before = learner.snapshot();
  const rewards = own.columns[columnNames.rewards];
  const data = Float32Array.from(rewards.data, Number);
  data[0] = Infinity;
  const columns = {
    ...own.columns,
    [columnNames.rewards]: { data, shape: rewards.shape },
  };
  await assert.rejects(
    learner.update(columns, own.test.normalizer, 0),
    (error) =>
      error instanceof UserError &&
      /training diverged.*weights before it are kept/s.test(error.message),
  );
  assert.deepEqual(learner.snapshot(), before);
  await learner.update(own.columns, own.test.normalizer, 0);
});

Deno.test("a state of other networks is refused and changes nothing", async () => {
  await using own = new LearnerCase("continuous", { updates: 1, batch: 4 });
  await using other = new LearnerCase("discrete", { updates: 1, batch: 4 });
  const learner = await own.create();
  const before = learner.snapshot();
  const foreign = (await other.create()).snapshot();
  assert.throws(() => learner.restore(foreign), UserError);
  assert.throws(() => learner.initialize(foreign), UserError);
  const { "target.value.bias": _, ...without } = before;
  assert.throws(() => learner.restore(without), /"target.value.bias"/);
  assert.deepEqual(learner.snapshot(), before);
});

Deno.test("with memory: whole sequences, judged and learned from", async () => {
  const options = { updates: 2, batch: 8, sequenceLength: 2 };
  await using own = new LearnerCase("continuous", options);
  const learner = await own.create({ batch_size: 9 });
  assert.equal(learner.batchSize, 8);
  const { plain, batches, normalizer } = own.test;
  const named = (name: string) => {
    const { data, shape: [, ...shape] } = own.columns[name];
    return { data: data.slice(0, data.length / options.updates), shape };
  };
  const names = ["obs_0", "obs_1", "value.memory"];
  const { values, memories } = await learner.evaluate(
    Object.fromEntries(names.map((name) => [name, named(name)])),
    normalizer,
  );
  const expected = batches[0].flatMap((sequence) => plain.values(sequence));
  assertClose(values.data, expected.flat(), 1e-4);
  assert.deepEqual(memories?.shape, [4, 2, 4]);
  await learner.update(own.columns, normalizer, 0);
  for (const batch of batches) plain.update(batch, 0.02);
  const state = learner.snapshot();
  for (const [name, { values }] of Object.entries(plain.weights)) {
    assertClose(state[name].data, values, 1e-3, name);
  }
});

Deno.test("a sequence is learned from where a batch is smaller", async () => {
  const options = { updates: 1, batch: 2, sequenceLength: 2 };
  await using own = new LearnerCase("continuous", options);
  assert.equal((await own.create({ batch_size: 1 })).batchSize, 2);
});

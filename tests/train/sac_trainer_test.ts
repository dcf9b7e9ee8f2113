import assert from "node:assert/strict";
import { Replay } from "../../lib/data/replay.ts";
import { UserError } from "../../lib/errors.ts";
import { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";
import { tags } from "../../lib/train/statistics.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { Trainer } from "../../lib/train/trainer.ts";
import { updatesUntil } from "../../lib/train/update_count.ts";
import { arrayNamed, type NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";
import { createTrainer, settingsOf } from "../support/train_here.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2] },
};

interface Options {
  readonly seed?: number;
  readonly save?: boolean;
  readonly sequenceLength?: number;
  readonly bufferSize?: number;
  readonly maxSteps?: number;
  readonly rate?: { buffer_init_steps: number; steps_per_update: number };
  readonly randomSteps?: number;
}

/** Trainers that share threads. */
async function withTrainers(
  body: (create: (options?: Options) => Trainer) => Promise<void>,
): Promise<void> {
  const runtime = new WorkerRuntime(1);
  const trainers: Trainer[] = [];
  try {
    await body((options = {}) => {
      const { seed = 1, sequenceLength, rate } = options;
      const settings = settingsOf({
        Ball: {
          trainer_type: "sac",
          hyperparameters: {
            batch_size: 4,
            buffer_size: options.bufferSize ?? 40,
            save_replay_buffer: options.save ?? true,
            random_action_steps: options.randomSteps ?? 0,
            ...rate,
          },
          network_settings: {
            hidden_units: 4,
            num_layers: 1,
            normalize: true,
            memory: sequenceLength
              ? { sequence_length: sequenceLength, memory_size: 4 }
              : null,
          },
          max_steps: options.maxSteps ?? 1000,
          summary_freq: 10,
          checkpoint_interval: 30,
        },
      });
      const rest = { seed, inference: false, runtime, timers: new Timers() };
      const trainer = createTrainer(settings, "Ball", spec, rest);
      trainers.push(trainer);
      return trainer;
    });
  } finally {
    trainers.forEach((trainer) => trainer.close());
    await runtime.close();
  }
}

/** One step of one source; returns what the agents do. */
async function step(
  trainer: Trainer,
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
) {
  const steps = agentRecords(spec, decisions, ends);
  trainer.ingest([{ source: 0, steps }]);
  await trainer.updateIfReady();
  const [{ actions: { continuous, discrete } }] = trainer.act();
  return [[...continuous], [...discrete]];
}

/** Two agents that live on, and a third that ends now and then. */
async function play(trainer: Trainer, random: RandomGenerator, steps: number) {
  const actions = [];
  for (let i = 0; i < steps; i++) {
    const records = [0, 1, 2].map((id) => ({
      id,
      sees: random.normal(),
      reward: random.uniform(),
    }));
    const ends = random.integer(3) > 0
      ? []
      : [{ ...records[2], interrupted: random.integer(2) === 0 }];
    actions.push(await step(trainer, records, ends));
  }
  return actions;
}

/** The whole state but for the replay. */
async function stateOf(trainer: Trainer): Promise<NamedArrays> {
  await trainer.settle?.();
  return trainer.snapshot();
}

/** What is kept of a trainer, rows in order of arrival. */
function replayOf(trainer: Trainer): NamedArrays {
  const replay = trainer.snapshotReplay?.();
  assert(replay);
  return replay;
}

const values = (arrays: NamedArrays, name: string) =>
  Array.from(arrayNamed(arrays, name).data, Number);

/** Updates that were made. */
const updatesOf = async (trainer: Trainer) =>
  values(await stateOf(trainer), "sac.adam.steps")[0];

Deno.test("what an end was decides what is kept of it (F-9)", () =>
  withTrainers(async (create) => {
    const trainer = create({ save: true });
    await step(trainer, [{ id: 1, sees: 1 }, { id: 2, sees: 2 }]);
    await step(
      trainer,
      [{ id: 1, sees: 3, reward: 0.5, groupReward: 2 }],
      [{ id: 2, sees: 4, reward: 7, interrupted: true }],
    );
    await step(trainer, [], [{ id: 1, sees: 5, reward: -1 }]);
    const replay = new Replay({ spec, capacity: 40 });
    replay.restore(replayOf(trainer));
    const { observations, nextObservations, rewards, done } = replay
      .read([0, 1, 2]);
    assert.deepEqual([...observations[0]], [2, 1, 3]);
    assert.deepEqual([...rewards], [7, 2.5, -1]);
    assert.deepEqual([...done], [0, 0, 1]);
    assert.deepEqual([...nextObservations[0].subarray(0, 2)], [4, 3]);
    assert.equal(trainer.step, 3);
  }));

Deno.test("updates keep up with the steps, eight at a time", () =>
  withTrainers(async (create) => {
    for (const stepsPerUpdate of [0.5, 1, 5]) {
      const rate = {
        buffer_init_steps: 10,
        steps_per_update: stepsPerUpdate,
      };
      const trainer = create({ rate });
      const random = new RandomGenerator(1);
      for (let i = 0; i < 30; i++) {
        await play(trainer, random, 1);
        const [due] = values(await stateOf(trainer), "due");
        assert(due >= 0 && due < 8, `${due} are due`);
        assert.equal((updatesUntil(trainer.step, rate) - due) % 8, 0);
      }
      assert(trainer.step > 60);
    }
  }));

Deno.test("updates that are rare do not wait for others", () =>
  withTrainers(async (create) => {
    for (const [stepsPerUpdate, perCall] of [[60, 4], [300, 1]]) {
      const rate = { buffer_init_steps: 0, steps_per_update: stepsPerUpdate };
      const trainer = create({ rate });
      const random = new RandomGenerator(1);
      while (trainer.step <= 300) await play(trainer, random, 1);
      const due = updatesUntil(trainer.step, rate);
      assert.equal(await updatesOf(trainer), due - due % perCall);
      assert(due >= perCall);
    }
  }));

Deno.test("no update before there is a batch", () =>
  withTrainers(async (create) => {
    const rate = { buffer_init_steps: 0, steps_per_update: 0.01 };
    const trainer = create({ rate });
    await step(trainer, [{ id: 0 }]);
    for (let i = 1; i <= 4; i++) {
      assert.deepEqual(values(await stateOf(trainer), "due"), [
        updatesUntil(trainer.step, rate),
      ]);
      await step(trainer, [{ id: 0, sees: i }]);
    }
    assert(values(await stateOf(trainer), "due")[0] < 8);
  }));

Deno.test("one seed gives one result, and the replay makes it go on", () =>
  withTrainers(async (create) => {
    for (const sequenceLength of [0, 3]) {
      const options = { sequenceLength, bufferSize: 20 };
      const first = create(options);
      const second = create(options);
      const random = new RandomGenerator(1);
      const again = new RandomGenerator(1);
      assert.deepEqual(
        await play(second, again, 30),
        await play(first, random, 30),
      );
      assert.deepEqual(await stateOf(second), await stateOf(first));
      const restored = create({ ...options, seed: 9 });
      restored.restore(await stateOf(second), replayOf(second));
      assert.deepEqual(
        await play(restored, again, 30),
        await play(first, random, 30),
      );
      assert.deepEqual(await stateOf(restored), await stateOf(first));
      assert.deepEqual(replayOf(restored), replayOf(first));
    }
  }));

Deno.test("without a replay a restored trainer collects anew", () =>
  withTrainers(async (create) => {
    const first = create();
    const random = new RandomGenerator(1);
    await play(first, random, 20);
    const restored = create({ save: false });
    assert.equal(restored.snapshotReplay?.(), undefined);
    restored.restore(await stateOf(first));
    assert.equal(restored.step, first.step);
    const before = await updatesOf(restored);
    await step(restored, [{ id: 0 }], []);
    assert.equal(await updatesOf(restored), before);
    await play(restored, random, 20);
    assert(await updatesOf(restored) > before);
  }));

Deno.test("a run that goes on with another rate updates at that rate", () =>
  withTrainers(async (create) => {
    const often = { buffer_init_steps: 0, steps_per_update: 0.1 };
    const first = create({ rate: often });
    const random = new RandomGenerator(1);
    await play(first, random, 20);
    const seldom = { buffer_init_steps: 0, steps_per_update: 5 };
    const restored = create({ rate: seldom });
    restored.restore(await stateOf(first), replayOf(first));
    const before = await updatesOf(restored);
    await play(restored, random, 40);
    const made = await updatesOf(restored) - before;
    assert(made >= 16 && made <= 32, `${made} updates`);
  }));

Deno.test("a replay of other columns is refused", () =>
  withTrainers(async (create) => {
    const plain = create();
    await play(plain, new RandomGenerator(1), 20);
    const recurrent = create({ sequenceLength: 3 });
    await play(recurrent, new RandomGenerator(1), 20);
    assert.throws(
      () => plain.restore(plain.snapshot(), replayOf(recurrent)),
      (error) =>
        error instanceof UserError &&
        error.message.includes("the saved replay's"),
    );
  }));

Deno.test("actions are random at first, and kept as they were sent", () =>
  withTrainers(async (create) => {
    const trainer = create({ randomSteps: 300, bufferSize: 300 });
    const actions = await play(trainer, new RandomGenerator(1), 101);
    const sent = actions.flatMap(([continuous]) => continuous);
    const mean = sent.reduce((sum, each) => sum + each, 0) / sent.length;
    const square = sent.reduce((sum, each) => sum + each ** 2, 0) / sent.length;
    assert(Math.abs(mean) < 0.15 && Math.abs(square - 1 / 3) < 0.06);
    const kept = values(replayOf(trainer), "continuous");
    assert.deepEqual(new Set(kept), new Set(sent.slice(0, 300)));
  }));

Deno.test("V remembers from one sequence of an episode to the next", () =>
  withTrainers(async (create) => {
    const trainer = create({ sequenceLength: 2 });
    for (let i = 0; i <= 4; i++) {
      await step(trainer, [{ id: 0, sees: i }]);
    }
    await step(trainer, [{ id: 0 }], [{ id: 0, sees: 5 }]);
    await step(trainer, [{ id: 0 }]);
    const replay = replayOf(trainer);
    assert.deepEqual(values(replay, "sizes"), [2, 2, 1, 1]);
    for (const network of [0, 1]) {
      const memories = values(replay, `memory.${network}`);
      const isEmpty = [0, 1, 2, 3].map((slot) =>
        memories.slice(4 * slot, 4 * slot + 4).every((each) => each === 0)
      );
      assert.deepEqual(isEmpty, [true, false, false, true]);
    }
  }));

Deno.test("the last round of a run tells what V remembers, too", () =>
  withTrainers(async (create) => {
    const trainer = create({ sequenceLength: 2, maxSteps: 1 });
    for (let i = 0; i <= 2; i++) await step(trainer, [{ id: 0, sees: i }]);
    assert.equal(trainer.isLearning, false);
    const longer = create({ sequenceLength: 2 });
    longer.restore(await stateOf(trainer), replayOf(trainer));
    await step(longer, [{ id: 0 }]);
    const memories = values(replayOf(longer), "memory.1");
    assert.equal(memories.length, 8);
    assert(memories.slice(4).some((each) => each !== 0));
  }));

Deno.test("agents of a source that was reset begin new sequences", () =>
  withTrainers(async (create) => {
    const trainer = create({ sequenceLength: 4 });
    await step(trainer, [{ id: 0, sees: 1 }]);
    await step(trainer, [{ id: 0, sees: 2 }]);
    trainer.forgetUnfinished(0);
    await step(trainer, [{ id: 0, sees: 3 }]);
    await step(trainer, [{ id: 0, sees: 4 }]);
    const replay = replayOf(trainer);
    assert.deepEqual(values(replay, "sizes"), [1, 1]);
    assert.deepEqual(values(replay, "kept.0"), [2, 4]);
  }));

Deno.test("a summary has the figures of SAC", () =>
  withTrainers(async (create) => {
    const trainer = create();
    await play(trainer, new RandomGenerator(1), 12);
    const { statistics } = trainer;
    for (
      const tag of [
        tags.policyLoss,
        tags.valueLoss,
        tags.q1Loss,
        tags.q2Loss,
        tags.continuousTemperature,
        tags.discreteTemperature,
        tags.entropy,
        tags.signalStateValue("extrinsic"),
      ]
    ) assert(Number.isFinite(statistics.mean(tag)), tag);
    assert.equal(statistics.mean(tags.learningRate), 3e-4);
  }));

Deno.test("the recent reward is that since the summary, or in it", () =>
  withTrainers(async (create) => {
    const trainer = create();
    assert.equal(trainer.recentReward, null);
    for (let i = 0; i < 12; i++) await step(trainer, [{ id: 0, reward: 1 }]);
    assert.equal(trainer.recentReward, null);
    await step(trainer, [], [{ id: 0, reward: 1 }]);
    assert.equal(trainer.recentReward, 12);
    for (let i = 0; i < 10; i++) await step(trainer, [{ id: 0 }]);
    assert.equal(trainer.statistics.mean(tags.cumulativeReward), null);
    assert.equal(trainer.recentReward, 12);
    const restored = create();
    restored.restore(await stateOf(trainer));
    assert.equal(restored.recentReward, 12);
    await step(trainer, [], [{ id: 0, reward: 5 }]);
    assert.equal(trainer.recentReward, 5);
  }));

Deno.test("a run that has reached its end learns no more", () =>
  withTrainers(async (create) => {
    const trainer = create({ maxSteps: 20 });
    const random = new RandomGenerator(1);
    await play(trainer, random, 15);
    assert.equal(trainer.isLearning, false);
    const before = replayOf(trainer);
    await play(trainer, random, 5);
    assert.deepEqual(replayOf(trainer), before);
  }));

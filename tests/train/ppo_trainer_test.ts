import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";
import { makeModelHere } from "../../lib/train/model_maker.ts";
import { tags } from "../../lib/train/statistics.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { Arrival, Trainer } from "../../lib/train/trainer.ts";
import { arrayNamed } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";
import { assertClose } from "../support/closeness.ts";
import { testWithRuntime } from "../support/test_with_runtime.ts";
import { createTrainer, settingsOf } from "../support/train_here.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [] },
};

interface TrainerOptions {
  readonly normalize?: boolean;
  readonly inference?: boolean;
  readonly seed?: number;
  readonly maxSteps?: number;
}

/** Trainers that share threads, and steps of two scenes that they play. */
class TrainerCase {
  readonly #runtime: WorkerRuntime;

  constructor(runtime: WorkerRuntime) {
    this.#runtime = runtime;
  }

  create(options: TrainerOptions = {}): Trainer {
    const { maxSteps = 1000, inference = false, seed = 1 } = options;
    const settings = settingsOf({
      Ball: {
        hyperparameters: { batch_size: 4, buffer_size: 12, num_epoch: 2 },
        network_settings: {
          hidden_units: 4,
          num_layers: 1,
          normalize: options.normalize ?? true,
        },
        max_steps: maxSteps,
        time_horizon: 5,
        summary_freq: 20,
        checkpoint_interval: 30,
      },
    });
    const runtime = this.#runtime;
    const timers = new Timers();
    const rest = { seed, inference, runtime, timers };
    return createTrainer(settings, "Ball", spec, rest);
  }
}

const testTrainer = (
  name: string,
  test: (it: TrainerCase) => void | Promise<void>,
): void => testWithRuntime(name, (runtime) => test(new TrainerCase(runtime)));

/** Agents 0 to 2 of both scenes; each observation is seen once only. */
class Scenes {
  readonly #random: RandomGenerator;
  #sight = 0;
  #steps = 0;

  constructor(seed: number) {
    this.#random = new RandomGenerator(seed, "scenes");
  }

  /** Decisions and ends of one scene; the first step begins all episodes. */
  step(): { decisions: AgentRecord[]; ends: AgentRecord[] } {
    const isFirst = this.#steps++ < 2;
    const record = (id: number): AgentRecord => ({
      id,
      reward: this.#random.integer(5),
      sees: ++this.#sight / 100,
    });
    const decisions = [0, 1, 2].map(record);
    const ends = isFirst ? [] : [0, 1, 2]
      .filter(() => this.#random.integer(6) === 0)
      .map((id) => ({ ...record(id), interrupted: id === 1 }));
    return { decisions, ends };
  }
}

/** Lets a trainer live through one step of both scenes. */
async function play(
  trainer: Trainer,
  steps: readonly ReturnType<Scenes["step"]>[],
  actions?: Map<number, number>,
) {
  const due = trainer.ingest(arrivalsOf(steps));
  await trainer.updateIfReady();
  trainer.act().forEach(({ source, actions: { continuous } }) => {
    const { decisions } = steps[source];
    assert.equal(continuous.length, decisions.length);
    decisions.forEach(({ sees = 0 }, i) =>
      actions?.set(Math.fround(sees), continuous[i])
    );
  });
  return due;
}

/** One arrival for each scene. */
function arrivalsOf(steps: readonly ReturnType<Scenes["step"]>[]): Arrival[] {
  return steps.map(({ decisions, ends }, source) => ({
    source,
    steps: agentRecords(spec, decisions, ends),
  }));
}

/** What one scene reports. */
function arrival(
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
  source = 0,
): Arrival[] {
  return [{ source, steps: agentRecords(spec, decisions, ends) }];
}

const drawSteps = (scenes: Scenes) => [scenes.step(), scenes.step()];

testTrainer("steps are the decisions of finished pieces", (it) => {
  const trainer = it.create();
  const ingest = (decisions: AgentRecord[], ends: AgentRecord[] = []) =>
    trainer.ingest(arrival(decisions, ends));
  ingest([{ id: 1 }, { id: 2 }]);
  trainer.act();
  ingest([{ id: 1 }, { id: 2 }]);
  assert.equal(trainer.step, 0);
  trainer.act();
  ingest([{ id: 1 }], [{ id: 2, reward: 3 }]);
  assert.equal(trainer.step, 2);
  assert.equal(trainer.recentReward, 3);
  trainer.close();
});

testTrainer("an update needs more than buffer_size decisions", async (it) => {
  const trainer = it.create();
  const weights = () =>
    arrayNamed(trainer.snapshot(), "actor.body.0.weight").data.slice();
  const before = weights();
  /** An episode; its last reward is the agent's number, the others are 1. */
  const playEpisode = async (id: number, length: number) => {
    for (let step = 0; step < length; step++) {
      trainer.ingest(arrival([{ id, sees: step, reward: 1 }]));
      trainer.act();
    }
    trainer.ingest(arrival([], [{ id, reward: id }]));
    await trainer.updateIfReady();
    trainer.act();
  };
  for (const id of [1, 2, 3]) await playEpisode(id, 4);
  // 12 decisions are not more than 12.
  assert.deepEqual(weights(), before);
  assert.equal(trainer.recentReward, 5);
  await playEpisode(4, 1);
  assert.notDeepEqual(weights(), before);
  // Returns count from the last update on.
  assert.equal(trainer.recentReward, null);
  const summaries = trainer.statistics.take();
  for (
    const tag of [
      tags.policyLoss,
      tags.valueLoss,
      tags.entropy,
      tags.learningRate,
      tags.epsilon,
      tags.beta,
      tags.cumulativeReward,
      tags.episodeLength,
      tags.signalReward("extrinsic"),
      tags.signalValue("extrinsic"),
    ]
  ) {
    assert(Number.isFinite(summaries.get(tag)?.mean), tag);
  }
  // One value estimate per piece, one return per episode.
  assert.equal(summaries.get(tags.signalValue("extrinsic"))?.count, 4);
  const rewards = summaries.get(tags.cumulativeReward);
  assert.equal(rewards?.aggregation, "histogram");
  // The reward of a first decision does not count.
  assert.deepEqual(rewards?.values, Float64Array.of(4, 5, 6, 4));
  trainer.close();
});

testTrainer("every row keeps the action that its agent took", async (it) => {
  const trainer = it.create();
  const scenes = new Scenes(5);
  const actions = new Map<number, number>();
  let updates = 0;
  let rowsBefore = 0;
  for (let step = 0; step < 60; step++) {
    await play(trainer, drawSteps(scenes), actions);
    const state = trainer.snapshot();
    // Rewards, raw samples, choices, masks and one sensor.
    const raw = arrayNamed(state, "collector.rollout.column.1").data;
    const sees = arrayNamed(state, "collector.rollout.column.4").data;
    sees.forEach((sight: number | bigint, row: number) => {
      const taken = actions.get(Number(sight));
      // The last state of an interrupted episode has no action.
      if (taken === undefined) return;
      const limited = Math.min(Math.max(Number(raw[row]), -3), 3) / 3;
      assertClose([limited], [taken], 1e-6, `step ${step}, row ${row}`);
    });
    if (sees.length < rowsBefore) updates++;
    rowsBefore = sees.length;
  }
  assert(updates > 10, `${updates} updates`);
  trainer.close();
});

testTrainer(
  "summaries and checkpoints are due at their multiples",
  async (it) => {
    const trainer = it.create();
    const scenes = new Scenes(2);
    const labels: number[] = [];
    let checkpoints = 0;
    while (trainer.step < 200) {
      const due = await play(trainer, drawSteps(scenes));
      labels.push(...due.map(({ step }) => step));
      checkpoints += Number(trainer.takeCheckpointDue());
    }
    const expected = labels.map((_, i) => 20 * (i + 1));
    assert.deepEqual(labels, expected);
    assert.equal(labels.length, Math.floor(trainer.step / 20));
    assert.equal(checkpoints, Math.floor(trainer.step / 30));
    trainer.close();
  },
);

testTrainer("a restored trainer goes on as the saved one", async (it) => {
  const scenes = new Scenes(9);
  const saved = it.create();
  for (let step = 0; step < 17; step++) await play(saved, drawSteps(scenes));
  // In the middle: agents wait for actions, pieces for the next update.
  const waiting = drawSteps(scenes);
  saved.ingest(arrivalsOf(waiting));
  const restored = it.create({ seed: 2 });
  restored.restore(structuredClone(saved.snapshot()));
  assert.deepEqual(restored.snapshot(), saved.snapshot());
  const [chosen, again] = [saved, restored].map((each) =>
    structuredClone(each.act())
  );
  assert.deepEqual(chosen.map(({ source }) => source), [0, 1]);
  assert.deepEqual(again, chosen);
  for (let step = 0; step < 15; step++) {
    const steps = drawSteps(scenes);
    const [a, b] = [await play(saved, steps), await play(restored, steps)];
    assert.deepEqual(b, a);
  }
  assert.deepEqual(restored.snapshot(), saved.snapshot());
  assert(saved.step > 100);
});

testTrainer("learning ends beyond max_steps, acting goes on", async (it) => {
  const trainer = it.create({ maxSteps: 40 });
  const scenes = new Scenes(1);
  while (trainer.isLearning) await play(trainer, drawSteps(scenes));
  const { step } = trainer;
  assert(step > 40);
  const weights = trainer.snapshot()["actor.body.0.weight"];
  for (let i = 0; i < 20; i++) await play(trainer, drawSteps(scenes));
  assert.equal(trainer.step, step);
  assert.deepEqual(trainer.snapshot()["actor.body.0.weight"], weights);
  // Nothing is heaped up any more: both scenes' decisions, and ends.
  const { shape } = trainer.snapshot()["collector.rollout.column.0"];
  assert(shape[0] <= 12, `${shape[0]} rows`);
});

testTrainer("inference counts returns and saves nothing", async (it) => {
  const trainer = it.create({ inference: true });
  const ingest = (decisions: AgentRecord[], ends: AgentRecord[] = []) => {
    const due = trainer.ingest(arrival(decisions, ends));
    trainer.act();
    return due;
  };
  ingest([{ id: 1 }]);
  ingest([{ id: 1, reward: 1 }]);
  ingest([{ id: 1, reward: 2 }]);
  ingest([{ id: 1 }], [{ id: 1, reward: 4 }]);
  assert.deepEqual([trainer.step, trainer.recentReward], [0, 7]);
  const due = [];
  for (let i = 0; i < 30; i++) due.push(...ingest([{ id: 1, reward: 1 }]));
  assert.deepEqual(due.map(({ step }) => step), [20]);
  assert.equal(due[0].statistics.get(tags.cumulativeReward)?.mean, 7);
  await trainer.updateIfReady();
  assert(!trainer.takeCheckpointDue());
});

testTrainer("a reset drops what is unfinished", (it) => {
  const trainer = it.create();
  trainer.ingest(arrival([{ id: 1, sees: 1 }]));
  trainer.forgetUnfinished();
  trainer.ingest(arrival([{ id: 1, reward: 50, sees: 2 }]));
  const [{ actions }] = trainer.act();
  assert.equal(actions.continuous.length, 1);
  trainer.ingest(arrival([], [{ id: 1, reward: 1 }]));
  assert.deepEqual([trainer.step, trainer.recentReward], [1, 1]);
});

testTrainer("a source that is lost takes its own with it only", (it) => {
  const trainer = it.create();
  const both = (reward: number) => [
    ...arrival([{ id: 1, reward, sees: 1 }]),
    ...arrival([{ id: 1, reward, sees: 2 }], [], 1),
  ];
  trainer.ingest(both(0));
  trainer.act();
  trainer.forgetUnfinished(1);
  trainer.ingest(both(7));
  assert.deepEqual(trainer.act().map(({ source }) => source), [0, 1]);
  const end = [{ id: 1, reward: 3 }];
  trainer.ingest([...arrival([], end), ...arrival([], end, 1)]);
  // Two decisions of the first source, one of the second.
  assert.deepEqual([trainer.step, trainer.recentReward], [3, (10 + 3) / 2]);
  trainer.close();
});

testTrainer(
  "one call for all sources gives what calls in turn give",
  (it) => {
    const scenes = new Scenes(3);
    const steps = [scenes.step(), { decisions: [], ends: [] }, scenes.step()];
    const together = it.create();
    const inTurn = it.create();
    together.ingest(arrivalsOf(steps));
    const all = together.act().map(({ source, actions }) => ({
      source,
      actions: structuredClone([...actions.continuous]),
    }));
    const each = arrivalsOf(steps).flatMap((one) => {
      inTurn.ingest([one]);
      return inTurn.act().map(({ source, actions }) => ({
        source,
        actions: [...actions.continuous],
      }));
    });
    assert.deepEqual(all.map(({ actions }) => actions.length), [3, 0, 3]);
    assert.deepEqual(all, each);
    together.close();
    inTurn.close();
  },
);

testTrainer("another run's weights and normalisers, at step 0", async (it) => {
  const trained = it.create();
  const scenes = new Scenes(4);
  for (let i = 0; i < 10; i++) await play(trained, drawSteps(scenes));
  const state = trained.snapshot();
  const fresh = it.create({ seed: 3 });
  fresh.initialize(state);
  assert.equal(fresh.step, 0);
  const taken = fresh.snapshot();
  for (const name of ["critic.value.bias", "normalizer.0.mean"]) {
    assert.deepEqual(taken[name], state[name], name);
  }
  const unlike = it.create({ normalize: false });
  assert.throws(() => unlike.initialize(state), UserError);
  assert.throws(() => fresh.initialize(unlike.snapshot()), UserError);
});

testTrainer("the exported model acts as the trainer does", async (it) => {
  const trainer = it.create();
  const scenes = new Scenes(6);
  for (let i = 0; i < 10; i++) await play(trainer, drawSteps(scenes));
  const model = await trainer.exportModel(makeModelHere);
  const session = new NativeSession(model, { threads: 1 });
  const sees = Float32Array.of(0.3);
  const outputs = session.run({ obs_0: { data: sees, shape: [1, 1] } });
  session.close();
  const { data: likeliest } = outputs.deterministic_continuous_actions;
  // The mean of many samples of the trainer's own.
  const samples: number[] = [];
  for (let i = 0; i < 3000; i++) {
    trainer.ingest(arrival([{ id: i, sees: 0.3 }], [], 7));
    const [{ actions }] = trainer.act();
    samples.push(3 * actions.continuous[0]);
  }
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  const squares = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / samples.length);
  const error = 6 * deviation / Math.sqrt(samples.length);
  assertClose([mean], [3 * Number(likeliest[0])], error);
});

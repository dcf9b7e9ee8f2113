import assert from "node:assert/strict";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";
import { makeModelHere } from "../../lib/train/model_maker.ts";
import { tags } from "../../lib/train/statistics.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { Trainer } from "../../lib/train/trainer.ts";
import { arrayNamed } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { type AgentRecord, agentRecords } from "../support/agent_records.ts";
import { testWithRuntime } from "../support/test_with_runtime.ts";
import { createTrainer, settingsOf } from "../support/train_here.ts";

const spec: BehaviorSpec = {
  observationSpecs: [vectorObservation(1)],
  actionSpec: { continuousSize: 1, discreteBranches: [2] },
};

interface TrainerOptions {
  readonly seed?: number;
  readonly inference?: boolean;
  readonly hasMemory?: boolean;
  readonly trainerType?: "ppo" | "poca";
}

class TrainerCase {
  readonly #runtime: WorkerRuntime;
  readonly notices: string[] = [];

  constructor(runtime: WorkerRuntime) {
    this.#runtime = runtime;
  }

  create(options: TrainerOptions = {}): Trainer {
    const { seed = 1, inference = false } = options;
    const { hasMemory = false, trainerType = "poca" } = options;
    const settings = settingsOf({
      Crew: {
        trainer_type: trainerType,
        hyperparameters: { batch_size: 4, buffer_size: 12, num_epoch: 2 },
        network_settings: {
          hidden_units: 4,
          num_layers: 1,
          normalize: true,
          memory: hasMemory ? { memory_size: 4, sequence_length: 2 } : null,
        },
        max_steps: 1000,
        time_horizon: 5,
        summary_freq: 20,
      },
    });
    return createTrainer(settings, "Crew", spec, {
      seed,
      inference,
      runtime: this.#runtime,
      timers: new Timers(),
      onNotice: (message) => this.notices.push(message),
    });
  }
}

const testTrainer = (
  name: string,
  test: (it: TrainerCase) => void | Promise<void>,
): void => testWithRuntime(name, (runtime) => test(new TrainerCase(runtime)));

/** Agents 0 to 3 of one scene, the last of them on its own. */
class Scene {
  readonly #random: RandomGenerator;
  readonly #groupIds: readonly number[];
  #isAlive = [true, true, true, true];
  #hasBegun = false;

  constructor(seed: number, groupIds: readonly number[] = [1, 1, 1, 0]) {
    this.#random = new RandomGenerator(seed, "scene");
    this.#groupIds = groupIds;
  }

  /** Members die one by one; when all are dead, all begin anew. */
  step(): { decisions: AgentRecord[]; ends: AgentRecord[] } {
    const record = (id: number): AgentRecord => ({
      id,
      groupId: this.#groupIds[id],
      reward: this.#random.integer(5),
      groupReward: this.#random.integer(3),
      sees: this.#random.integer(100) / 100,
    });
    const ids = [0, 1, 2, 3].filter((id) => this.#isAlive[id]);
    const ends = this.#hasBegun
      ? ids.filter(() => this.#random.integer(5) === 0)
      : [];
    this.#hasBegun = true;
    for (const id of ends) this.#isAlive[id] = false;
    if (!this.#isAlive.includes(true)) this.#isAlive.fill(true);
    return {
      decisions: [0, 1, 2, 3].filter((id) => this.#isAlive[id]).map(record),
      ends: ends.map((id) => ({ ...record(id), interrupted: id === 1 })),
    };
  }
}

async function play(trainer: Trainer, scene: Scene, steps: number) {
  const due = [];
  for (let step = 0; step < steps; step++) {
    const { decisions, ends } = scene.step();
    const records = agentRecords(spec, decisions, ends);
    due.push(...trainer.ingest([{ source: 0, steps: records }]));
    await trainer.updateIfReady();
    const [{ actions }] = trainer.act();
    assert.equal(actions.discrete.length, decisions.length);
  }
  return due;
}

for (const hasMemory of [false, true]) {
  const kind = hasMemory ? "with memory" : "without memory";
  testTrainer(`groups are learned from, ${kind}`, async (it) => {
    const trainer = it.create({ hasMemory });
    const before = trainer.snapshot();
    await play(trainer, new Scene(1), 60);
    const after = trainer.snapshot();
    for (const name of ["actor.body.0.weight", "critic.decision.weight"]) {
      const [a, b] = [before, after].map((state) => arrayNamed(state, name));
      assert.notDeepEqual(b, a, name);
    }
    assert(trainer.step > 100);
    assert.deepEqual(it.notices, []);
    trainer.close();
  });

  testTrainer(
    `a restored trainer goes on as the saved one, ${kind}`,
    async (it) => {
      const saved = it.create({ hasMemory });
      await play(saved, new Scene(9), 33);
      const restored = it.create({ hasMemory, seed: 2 });
      restored.restore(structuredClone(saved.snapshot()));
      assert.deepEqual(restored.snapshot(), saved.snapshot());
      const due = [];
      for (const trainer of [saved, restored]) {
        due.push(await play(trainer, new Scene(10), 40));
      }
      assert.deepEqual(due[1], due[0]);
      assert.deepEqual(restored.snapshot(), saved.snapshot());
      saved.close();
      restored.close();
    },
  );
}

testTrainer("summaries tell of groups and baselines", async (it) => {
  const trainer = it.create();
  const seen = new Set<string>();
  for (const { statistics } of await play(trainer, new Scene(3), 60)) {
    for (const [tag, { mean }] of statistics) {
      assert(Number.isFinite(mean), tag);
      seen.add(tag);
    }
  }
  for (
    const tag of [
      tags.groupReward,
      tags.baselineLoss,
      tags.signalBaseline("extrinsic"),
      tags.signalValue("extrinsic"),
      tags.valueLoss,
      tags.policyLoss,
    ]
  ) assert(seen.has(tag), tag);
  assert.equal(
    tags.signalBaseline("extrinsic"),
    "Policy/Extrinsic Baseline Estimate",
  );
  trainer.close();
});

testTrainer(
  "a group's return is told when its last member ends",
  (it) => {
    const trainer = it.create({ inference: true });
    const ingest = (decisions: AgentRecord[], ends: AgentRecord[] = []) => {
      const steps = agentRecords(spec, decisions, ends);
      trainer.ingest([{ source: 0, steps }]);
      trainer.act();
    };
    const one = (id: number, groupReward: number) => ({
      id,
      groupId: 1,
      groupReward,
    });
    ingest([one(1, 50), one(2, 50)]);
    ingest([one(1, 1), one(2, 1)]);
    ingest([one(2, 3)], [one(1, 3)]);
    assert.equal(trainer.statistics.mean(tags.groupReward), null);
    ingest([], [one(2, 5)]);
    assert.equal(trainer.statistics.mean(tags.groupReward), 9);
    trainer.close();
  },
);

testTrainer("without groups one line says that PPO would do", async (it) => {
  const trainer = it.create();
  await play(trainer, new Scene(1, [0, 0, 0, 0]), 60);
  assert.equal(it.notices.length, 1);
  assert.match(it.notices[0], /^No agent has had a mate.*ppo would do/);
  assert(trainer.step > 100);
  trainer.close();
  const ppo = it.create({ trainerType: "ppo" });
  await play(ppo, new Scene(1), 30);
  assert.equal(it.notices.length, 1);
  ppo.close();
});

testTrainer("the exported model holds the actor and no critic", async (it) => {
  const poca = it.create();
  const ppo = it.create({ trainerType: "ppo" });
  const models = [];
  for (const trainer of [poca, ppo]) {
    models.push(await trainer.exportModel(makeModelHere));
  }
  // The first actors are drawn from different streams, their models are alike.
  assert(Math.abs(models[0].length - models[1].length) < 200);
  const session = new NativeSession(models[0], { threads: 1 });
  const outputs = session.run({
    obs_0: { data: Float32Array.of(0.3), shape: [1, 1] },
    action_masks: { data: Float32Array.of(1, 1), shape: [1, 2] },
  });
  session.close();
  assert("deterministic_continuous_actions" in outputs);
  poca.close();
  ppo.close();
});

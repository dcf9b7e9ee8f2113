/** Trainers with memory: whose memory it is, and what becomes of it. */
import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { WorkerRuntime } from "../../lib/runtime/worker_runtime.ts";
import { type BehaviorSpec, vectorObservation } from "../../lib/spec.ts";
import { makeModelHere } from "../../lib/train/model_maker.ts";
import { Timers } from "../../lib/train/timers.ts";
import type { Arrival, Trainer } from "../../lib/train/trainer.ts";
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
  readonly seed?: number;
  readonly inference?: boolean;
  readonly deterministic?: boolean;
  readonly memorySize?: number;
  readonly bufferSize?: number;
  readonly sharedCritic?: boolean;
}

class TrainerCase {
  readonly #runtime: WorkerRuntime;

  constructor(runtime: WorkerRuntime) {
    this.#runtime = runtime;
  }

  create(options: TrainerOptions = {}): Trainer {
    const { seed = 1, inference = false, bufferSize = 12 } = options;
    const { deterministic = false, memorySize = 4 } = options;
    const { sharedCritic = false } = options;
    const settings = settingsOf({
      Ball: {
        hyperparameters: {
          batch_size: 4,
          buffer_size: bufferSize,
          shared_critic: sharedCritic,
        },
        network_settings: {
          hidden_units: 2,
          num_layers: 1,
          normalize: !deterministic,
          deterministic,
          memory: memorySize > 0
            ? { memory_size: memorySize, sequence_length: 2 }
            : null,
        },
        time_horizon: 5,
      },
    });
    const timers = new Timers();
    const rest = { seed, inference, runtime: this.#runtime, timers };
    return createTrainer(settings, "Ball", spec, rest);
  }
}

const testTrainer = (
  name: string,
  test: (it: TrainerCase) => void | Promise<void>,
): void => testWithRuntime(name, (runtime) => test(new TrainerCase(runtime)));

function arrival(
  decisions: readonly AgentRecord[],
  ends: readonly AgentRecord[] = [],
  source = 0,
): Arrival {
  return { source, steps: agentRecords(spec, decisions, ends) };
}

/** The action of every decision of the arrivals, in order. */
function decide(trainer: Trainer, ...arrivals: Arrival[]): number[] {
  trainer.ingest(arrivals);
  return trainer.act().flatMap(({ actions }) => [...actions.continuous]);
}

const still = { deterministic: true, bufferSize: 1000 };

for (const inference of [false, true]) {
  testTrainer(
    `agents remember their own episode only, ${
      inference ? "in inference" : "while learning"
    }`,
    (it) => {
      const trainer = it.create({ ...still, inference });
      const alone = it.create({ ...still, inference });
      const seen = [0.5, -1, 2, 0.3, -0.4];
      /** What somebody does who sees only this from the beginning. */
      const expected = (id: number, sights: readonly number[]) =>
        sights.map((sees) => decide(alone, arrival([{ id, sees }]))[0]);
      const first = expected(10, seen);
      const second = expected(11, [3, 1]);
      const third = expected(12, [-2, 0.7, 0.1]);
      // Without memory the order would not matter.
      assert.notEqual(expected(13, [0.3])[0], first[3]);

      // Agent 1 lives on; agent 2 ends after two decisions and begins anew, of
      // a third nobody has heard before. Its number is used elsewhere, too.
      const round = (step: number, other: Arrival) =>
        decide(trainer, arrival([{ id: 1, sees: seen[step] }]), other);
      const both = [
        round(0, arrival([{ id: 2, sees: 3 }], [], 1)),
        round(1, arrival([{ id: 2, sees: 1 }], [], 1)),
        round(2, arrival([{ id: 2, sees: -2 }], [{ id: 2 }], 1)),
        round(3, arrival([{ id: 1, sees: 3 }, { id: 2, sees: 0.7 }], [], 1)),
        round(4, arrival([{ id: 2, sees: 0.1 }, { id: 1, sees: 1 }], [], 1)),
      ];
      assertClose(both.map(([action]) => action), first, 1e-6, "agent 1");
      const others = both.map((actions) => actions.slice(1));
      assertClose([others[0][0], others[1][0]], second, 1e-6, "agent 2");
      const anew = [others[2][0], others[3][1], others[4][0]];
      assertClose(anew, third, 1e-6, "agent 2 again");
      const namesake = [others[3][0], others[4][1]];
      assertClose(namesake, second, 1e-6, "another agent 1");
    },
  );
}

testTrainer("a reset empties memories, of one source or of all", (it) => {
  const trainer = it.create(still);
  const both = (sees: number) => [
    arrival([{ id: 1, sees }]),
    arrival([{ id: 1, sees }], [], 1),
  ];
  const fresh = decide(trainer, ...both(0.5));
  assert.equal(fresh[0], fresh[1]);
  const later = decide(trainer, ...both(0.5));
  assert.notEqual(later[0], fresh[0]);
  trainer.forgetUnfinished(1);
  const [goesOn, begins] = decide(trainer, ...both(0.5));
  assert.notEqual(goesOn, fresh[0]);
  assert.equal(begins, fresh[1]);
  trainer.forgetUnfinished();
  assert.deepEqual(decide(trainer, ...both(0.5)), fresh);
});

testTrainer("padding counts towards buffer_size", async (it) => {
  const trainer = it.create({ bufferSize: 5 });
  const weights = () => [...trainer.snapshot()["actor.body.0.weight"].data];
  const before = weights();
  const playEpisode = async (id: number) => {
    decide(trainer, arrival([{ id, sees: id }]));
    decide(trainer, arrival([], [{ id, reward: 1 }]));
    await trainer.updateIfReady();
  };
  // Episodes of one step are sequences of two rows each.
  await playEpisode(1);
  await playEpisode(2);
  assert.deepEqual(weights(), before);
  await playEpisode(3);
  assert.notDeepEqual(weights(), before);
  assert.equal(trainer.step, 3);
});

/** Two scenes of agents 0 to 2 that end now and then. */
function makeScenes(seed: number): () => Arrival[] {
  const random = new RandomGenerator(seed, "scenes");
  let isFirst = true;
  const record = (id: number): AgentRecord => ({
    id,
    reward: random.integer(5),
    sees: random.normal(),
  });
  return () => {
    const arrivals = [0, 1].map((source) => {
      const decisions = [0, 1, 2].map(record);
      const ends = isFirst ? [] : [0, 1, 2]
        .filter(() => random.integer(6) === 0)
        .map((id) => ({ ...record(id), interrupted: id === 1 }));
      return arrival(decisions, ends, source);
    });
    isFirst = false;
    return arrivals;
  };
}

async function play(trainer: Trainer, arrivals: Arrival[]) {
  trainer.ingest(arrivals);
  await trainer.updateIfReady();
  return structuredClone(trainer.act());
}

for (const sharedCritic of [false, true]) {
  testTrainer(
    `a restored trainer goes on as the saved one${
      sharedCritic ? ", shared critic" : ""
    }`,
    async (it) => {
      const draw = makeScenes(9);
      const saved = it.create({ sharedCritic });
      for (let step = 0; step < 17; step++) await play(saved, draw());
      // In the middle: agents wait for actions, pieces for the next update.
      const waiting = draw();
      saved.ingest(waiting);
      const restored = it.create({ seed: 2, sharedCritic });
      restored.restore(structuredClone(saved.snapshot()));
      assert.deepEqual(restored.snapshot(), saved.snapshot());
      assert.deepEqual(restored.act(), saved.act());
      for (let step = 0; step < 15; step++) {
        const arrivals = draw();
        const [a, b] = [
          await play(saved, arrivals),
          await play(restored, arrivals),
        ];
        assert.deepEqual(b, a);
      }
      assert.deepEqual(restored.snapshot(), saved.snapshot());
      assert(saved.step > 100);
      const memories = [...saved.snapshot()["collector.memories"].data];
      assert.equal(new Set(memories).size, memories.length);
    },
  );
}

testTrainer(
  "weights of a critic of its own are refused by a shared one",
  (it) => {
    const own = it.create();
    const shared = it.create({ sharedCritic: true });
    assert.throws(() => shared.initialize(own.snapshot()), UserError);
    assert.throws(() => own.initialize(shared.snapshot()), UserError);
  },
);

testTrainer("one seed gives one result, another another", async (it) => {
  const states = [];
  for (const seed of [1, 1, 2]) {
    const trainer = it.create({ seed });
    const draw = makeScenes(4);
    for (let step = 0; step < 20; step++) await play(trainer, draw());
    states.push(trainer.snapshot());
  }
  const [first, second, other] = states;
  assert.deepEqual(second, first);
  assert.notDeepEqual(other, first);
});

testTrainer("the exported model remembers as the trainer does", async (it) => {
  const trainer = it.create(still);
  const model = await trainer.exportModel(makeModelHere);
  const session = new NativeSession(model, { threads: 1 });
  let memory = new Float32Array(4);
  for (const sees of [0.5, -1, 2]) {
    const [action] = decide(trainer, arrival([{ id: 1, sees }]));
    const outputs = session.run({
      obs_0: { data: Float32Array.of(sees), shape: [1, 1] },
      recurrent_in: { data: memory, shape: [1, 1, 4] },
    });
    const { data } = outputs.deterministic_continuous_actions;
    assertClose([action], [Number(data[0])], 1e-6);
    memory = Float32Array.from(outputs.recurrent_out.data, Number);
  }
  session.close();
});

testTrainer("weights of another memory are refused", (it) => {
  const small = it.create();
  const state = small.snapshot();
  const fresh = it.create({ seed: 2 });
  fresh.initialize(state);
  assert.deepEqual(
    fresh.snapshot()["actor.lstm.recurrent_weight"],
    state["actor.lstm.recurrent_weight"],
  );
  // With the second the heads have the same sizes.
  for (const memorySize of [8, 0]) {
    const other = it.create({ memorySize });
    assert.throws(() => other.initialize(state), UserError);
    assert.throws(() => small.initialize(other.snapshot()), UserError);
  }
});

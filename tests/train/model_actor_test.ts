import assert from "node:assert/strict";
import type { DecisionSteps } from "../../lib/env/env.ts";
import { UserError } from "../../lib/errors.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import {
  type ReadUnityModel,
  readUnityModel,
} from "../../lib/onnx/read_unity_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { type BehaviorSpec, observationSize } from "../../lib/spec.ts";
import { ModelActor } from "../../lib/train/model_actor.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { agentRecords } from "../support/agent_records.ts";
import { assertClose } from "../support/closeness.ts";
import {
  ModelMaker,
  secondVersionModel,
  smallModel,
} from "../support/made_models.ts";
import { randomObservations } from "../support/random_arrays.ts";
import {
  entitySensor,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";
import { testWithSharedData } from "../support/shared_data.ts";

/** Decisions of `count` agents that see random things. */
function decisionsOf(
  spec: BehaviorSpec,
  count: number,
  seed = 1,
): DecisionSteps {
  const random = new RandomGenerator(seed, "observations");
  const agents = Array.from({ length: count }, (_, id) => ({ id }));
  const { decision } = agentRecords(spec, agents);
  spec.observationSpecs.forEach((sensor, i) => {
    const { data } = randomObservations(sensor, count, random);
    decision.observations[i].set(data);
  });
  return decision;
}

function actorOf(
  model: ReadUnityModel,
  spec: BehaviorSpec,
  { deterministic = false, seed = 1 } = {},
): ModelActor {
  const random = new RandomGenerator(seed, "noise");
  return new ModelActor(model, { behavior: "B", spec, random, deterministic });
}

const small: BehaviorSpec = {
  observationSpecs: [vectorSensor(3)],
  actionSpec: { continuousSize: 2, discreteBranches: [3, 2] },
};
const smallBytes = encodeModel(smallModel());
const nothing = new Float32Array();

Deno.test("drawn actions are those of the seed, bit for bit", () => {
  const model = readUnityModel(smallBytes, "m");
  const decision = decisionsOf(small, 40);
  const play = (seed: number) => {
    const actor = actorOf(model, small, { seed });
    const twice = [0, 1].map(() => actor.act([decision], nothing).actions);
    actor.close();
    return twice;
  };
  const [first, second] = play(1);
  assert.deepEqual(play(1), [first, second]);
  assert.notDeepEqual(first, second);
  assert.notDeepEqual(play(2), [first, second]);
  assert(first.continuous.every((action) => Math.abs(action) <= 1));
});

Deno.test("agents of several sources are acted for at once, in order", () => {
  const model = readUnityModel(smallBytes, "m");
  const actor = actorOf(model, small, { deterministic: true });
  const [a, b] = [decisionsOf(small, 3, 1), decisionsOf(small, 5, 2)];
  const both = actor.act([a, decisionsOf(small, 0), b], nothing).actions;
  const alone = [a, b].map((each) => actor.act([each], nothing).actions);
  assert.deepEqual(
    [...both.continuous],
    alone.flatMap(({ continuous }) => [...continuous]),
  );
  assert.deepEqual(
    [...both.discrete],
    alone.flatMap(({ discrete }) => [...discrete]),
  );
  assert.deepEqual(actor.act([], nothing).actions, {
    continuous: new Float32Array(),
    discrete: new Int32Array(),
  });
});

Deno.test("masks are heeded, also where only some agents have one", () => {
  const model = readUnityModel(smallBytes, "m");
  const actor = actorOf(model, small);
  const free = decisionsOf(small, 200, 1);
  const mask = [0, 1, 0, 0, 1];
  const agents = Array.from({ length: 200 }, (_, id) => ({ id, mask }));
  const masked = {
    ...agentRecords(small, agents).decision,
    observations: free.observations,
    count: 200,
  };
  const { discrete } = actor.act([free, masked], nothing).actions;
  const ofBranch = (branch: number, first: number) =>
    [...discrete.slice(2 * first, 2 * first + 400)]
      .filter((_, i) => i % 2 === branch);
  assert.equal(new Set(ofBranch(0, 0)).size, 3);
  assert.deepEqual(new Set(ofBranch(0, 200)), new Set([1]));
  assert.deepEqual(new Set(ofBranch(1, 200)), new Set([1]));
});

const second: BehaviorSpec = {
  observationSpecs: [
    vectorSensor(2),
    visualSensor([1, 2, 2]),
    entitySensor([2, 1]),
    vectorSensor(3),
  ],
  actionSpec: { continuousSize: 0, discreteBranches: [2, 3] },
};

Deno.test("version 2: vectors side by side, a choice from log-probabilities", () => {
  const model = readUnityModel(secondVersionModel(), "m");
  const actor = actorOf(model, second, { deterministic: true });
  const decision = decisionsOf(second, 30);
  const { discrete } = actor.act([decision], nothing).actions;
  const [first, , , last] = decision.observations;
  const expected = Array.from({ length: 30 }, (_, row) => {
    const choices = [
      first.slice(2 * row, 2 * row + 2),
      last.slice(3 * row, 3 * row + 3),
    ];
    return choices.map((scores) => scores.indexOf(Math.max(...scores)));
  });
  assert.deepEqual([...discrete], expected.flat());
});

Deno.test("version 2: choices are drawn as often as they are likely", () => {
  const model = readUnityModel(secondVersionModel(), "m");
  const actor = actorOf(model, second);
  const count = 20_000;
  const decision = decisionsOf(second, count);
  const [first, , , last] = decision.observations;
  for (let row = 0; row < count; row++) {
    first.set([Math.log(0.25), Math.log(0.75)], 2 * row);
    last.set([Math.log(0.5), Math.log(0.2), Math.log(0.3)], 3 * row);
  }
  const { discrete } = actor.act([decision], nothing).actions;
  const share = (branch: number, choice: number) =>
    discrete.filter((each, i) => i % 2 === branch && each === choice).length /
    count;
  assertClose([share(0, 0), share(0, 1)], [0.25, 0.75], 0.015);
  assertClose([0, 1, 2].map((i) => share(1, i)), [0.5, 0.2, 0.3], 0.015);
});

/** A model that gives back what it sees as its action. */
function mirror(): ReadUnityModel {
  const maker = new ModelMaker();
  const seen = maker.input("obs_0", [2]);
  maker.constant("version_number", [3]);
  maker.constant("continuous_action_output_shape", [2]);
  const output = "continuous_actions";
  maker.writer.emit("Neg", [maker.writer.emit("Neg", [seen])], {}, { output });
  maker.output(output, ["batch", 2]);
  return readUnityModel(maker.finish(), "mirror.onnx");
}

Deno.test("continuous actions stay within -1 to 1, and must be numbers", () => {
  const spec = {
    observationSpecs: [vectorSensor(2)],
    actionSpec: { continuousSize: 2, discreteBranches: [] },
  };
  const actor = actorOf(mirror(), spec);
  const decision = decisionsOf(spec, 2);
  decision.observations[0].set([-3, 0.5, 1, 7]);
  const { actions } = actor.act([decision], nothing);
  assert.deepEqual([...actions.continuous], [-1, 0.5, 1, 1]);
  decision.observations[0].set([0, 0, 0, NaN]);
  assert.throws(
    () => actor.act([decision], nothing),
    (error) =>
      error instanceof UserError &&
      /mirror\.onnx: B: the model's action 1 is not a number/
        .test(error.message),
  );
});

Deno.test("a model that does not fit is refused", () => {
  assert.throws(
    () => actorOf(readUnityModel(smallBytes, "m"), second),
    (error) => error instanceof UserError && /does not fit/.test(error.message),
  );
});

/** A behavior that such a model could have been trained for. */
function specOf(model: ReadUnityModel): BehaviorSpec {
  return {
    observationSpecs: model.observations.map(({ shape }) =>
      shape.length === 1
        ? vectorSensor(shape[0])
        : shape.length === 2
        ? entitySensor([shape[0], shape[1]])
        : visualSensor([shape[0], shape[1], shape[2]])
    ),
    actionSpec: {
      continuousSize: model.continuousSize,
      discreteBranches: model.discreteBranches ?? [],
    },
  };
}

const unityModels = [
  ...["3DBall", "3DBallHard", "Basic", "Hallway", "PushBlock", "Sorter"],
  ...["PushBlockCollab", "Pyramids", "Visual3DBall"],
  "deterContinuous2vis8vec2action_v2_0",
  "deterDiscrete1obs3action_v2_0",
  "hybrid0vis8vec_2c_2_3d_v2_0",
];

for (const name of unityModels) {
  testWithSharedData(
    `${name} acts on observations of its own kind`,
    `onnx/${name}.onnx`,
    (bytes) => {
      const model = readUnityModel(bytes, name);
      const spec = specOf(model);
      const { continuousSize, discreteBranches } = spec.actionSpec;
      const rows = 20;
      const decision = decisionsOf(spec, rows);
      for (const deterministic of [true, false]) {
        const actor = actorOf(model, spec, { deterministic });
        const memory = new Float32Array(rows * model.memorySize);
        const { actions, memory: after } = actor.act([decision], memory);
        actor.close();
        const { continuous, discrete } = actions;
        assert.equal(continuous.length, rows * continuousSize);
        assert(continuous.every((x) => Math.abs(x) <= 1));
        assert(continuousSize === 0 || new Set(continuous).size > rows / 2);
        assert.equal(discrete.length, rows * discreteBranches.length);
        discrete.forEach((choice, i) => {
          const size = discreteBranches[i % discreteBranches.length];
          assert(choice >= 0 && choice < size);
        });
        assert.equal(after.length, memory.length);
        assert.equal(after.some((x) => x !== 0), model.memorySize > 0);
      }
    },
  );
}

testWithSharedData(
  "version 2 of 3DBallHard acts the same for one sensor and for two",
  "onnx/3DBallHard.onnx",
  (bytes) => {
    const model = readUnityModel(bytes, "m");
    const { actionSpec } = specOf(model);
    const rows = 10;
    const one = { observationSpecs: [vectorSensor(45)], actionSpec };
    const two = {
      observationSpecs: [vectorSensor(27), vectorSensor(18)],
      actionSpec,
    };
    const joined = decisionsOf(one, rows);
    const apart = decisionsOf(two, rows);
    for (let row = 0; row < rows; row++) {
      const values = joined.observations[0].slice(45 * row, 45 * row + 45);
      apart.observations[0].set(values.slice(0, 27), 27 * row);
      apart.observations[1].set(values.slice(27), 18 * row);
    }
    const [a, b] = [[one, joined] as const, [two, apart] as const].map((
      [spec, decision],
    ) =>
      actorOf(model, spec, { deterministic: true })
        .act([decision], nothing).actions
    );
    assert.deepEqual(a, b);
  },
);

testWithSharedData(
  "Hallway's memory goes on as its own model carries it",
  "onnx/Hallway.onnx",
  (bytes) => {
    const model = readUnityModel(bytes, "m");
    const spec = specOf(model);
    const rows = 3;
    const actor = actorOf(model, spec);
    const session = new NativeSession(bytes, { threads: 1 });
    let memory = new Float32Array(rows * 128);
    let expected = memory;
    for (const seed of [1, 2, 3]) {
      const decision = decisionsOf(spec, rows, seed);
      const feeds = spec.observationSpecs.map((sensor, i) => {
        const size = observationSize(sensor);
        const data = decision.observations[i].slice(0, rows * size);
        return [`obs_${i}`, { data, shape: [rows, size] }];
      });
      const { recurrent_out } = session.run({
        ...Object.fromEntries(feeds),
        action_masks: {
          data: new Float32Array(rows * 5).fill(1),
          shape: [rows, 5],
        },
        recurrent_in: { data: expected, shape: [rows, 1, 128] },
      });
      expected = Float32Array.from(recurrent_out.data, Number);
      memory = Float32Array.from(actor.act([decision], memory).memory);
      assert.deepEqual(memory, expected);
    }
    session.close();
    assert(new Set(memory).size > 100);
  },
);

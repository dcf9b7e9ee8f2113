import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { actingModel } from "../../lib/onnx/acting_model.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import {
  type ReadUnityModel,
  readUnityModel,
} from "../../lib/onnx/read_unity_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import { ModelMaker, secondVersionModel } from "../support/made_models.ts";
import { normals } from "../support/random_arrays.ts";
import { networkSettings, vectorSensor } from "../support/sensors.ts";
import { testWithSharedData } from "../support/shared_data.ts";

const rows = 50;

function run(bytes: Uint8Array, feeds: NamedArrays): NamedArrays {
  const session = new NativeSession(bytes, { threads: 1 });
  try {
    return session.run(feeds);
  } finally {
    session.close();
  }
}

/** Random observations and memories; masks that forbid the first choice. */
function feedsFor(
  { graph, model }: ReadUnityModel,
  count: number,
): Record<string, NamedArray<Float32Array>> {
  const random = new RandomGenerator(3, model.producerVersion);
  return Object.fromEntries(graph.inputs.map(({ name, type }) => {
    const sizes = type.tensorType.shape.dim.slice(1)
      .map((dim) => "dimValue" in dim ? dim.dimValue : 0);
    const array = normals(random, 1, [count, ...sizes]);
    if (name === "action_masks") {
      for (let i = 0; i < array.data.length; i++) {
        array.data[i] = i % sizes[0] === 0 ? 0 : 1;
      }
    }
    return [name, array];
  }));
}

/** Noise of one size for all that the model draws. */
const noiseFor = (
  { noise }: ReturnType<typeof actingModel>,
  count: number,
  draw: (kind: "normal" | "gumbel") => number,
) =>
  Object.fromEntries(noise.map(({ name, kind, width }) => [name, {
    data: Float32Array.from({ length: count * width }, () => draw(kind)),
    shape: [count, width],
  }]));

const unityModels = [
  ...["3DBall", "Basic", "Hallway", "PushBlock", "PushBlockCollab"],
  ...["Pyramids", "Sorter", "hybrid0vis8vec_2c_2_3d_v2_0", "3DBallHard"],
  "deterContinuous2vis8vec2action_v2_0",
  "deterDiscrete1obs3action_v2_0",
];

for (const name of unityModels) {
  testWithSharedData(
    `${name} without noise: its own deterministic outputs and memory`,
    `onnx/${name}.onnx`,
    (bytes) => {
      const read = readUnityModel(bytes, name);
      const sampling = actingModel(read, false);
      const feeds = feedsFor(read, rows);
      const zeros = noiseFor(sampling, rows, () => 0);
      const actual = run(sampling.bytes, { ...feeds, ...zeros });
      // Its random outputs differ from call to call, the others do not.
      const original = run(bytes, feeds);
      for (const kind of [read.continuous, read.discrete]) {
        if (kind.sampled === null || kind.deterministic === null) continue;
        const expected = original[kind.deterministic];
        assertClose(actual[kind.sampled].data, expected.data, 1e-6);
        const deterministic = actingModel(read, true);
        assert.deepEqual(deterministic.noise, []);
        const outputs = run(deterministic.bytes, feeds);
        assert.deepEqual(outputs, { [kind.deterministic]: expected });
      }
      if (read.memorySize > 0) {
        const { recurrent_out: memory } = original;
        assert.deepEqual(actual.recurrent_out.data, memory.data);
        assert.deepEqual(actual.recurrent_out.shape, [rows, 1, 128]);
      }
    },
  );
}

testWithSharedData(
  "normal noise moves a continuous action by its own deviation",
  "onnx/3DBall.onnx",
  (bytes) => {
    const acting = actingModel(readUnityModel(bytes, "m"), false);
    const feeds = {
      obs_0: { data: new Float32Array(8), shape: [1, 8] },
    };
    const at = (z: number) =>
      run(acting.bytes, { ...feeds, ...noiseFor(acting, 1, () => z) })
        .continuous_actions.data;
    // exp(-0.17476095) / 3 and exp(-0.16854449) / 3, from the file.
    const [zero, one] = [at(0), at(1)];
    const moved = [0, 1].map((i) => Number(one[i]) - Number(zero[i]));
    assertClose(moved, [0.279887, 0.281632], 1e-5);
  },
);

testWithSharedData(
  "Gumbel noise draws choices as often as they are likely",
  "onnx/Basic.onnx",
  (bytes) => {
    const read = readUnityModel(bytes, "m");
    const acting = actingModel(read, false);
    const count = 20_000;
    const obs_0 = { data: new Float32Array(count * 20), shape: [count, 20] };
    const masks = Float32Array.from(
      { length: 3 * count },
      (_, i) => +(i % 3 > 0),
    );
    const random = new RandomGenerator(1);
    const { discrete_actions: drawn } = run(acting.bytes, {
      obs_0,
      action_masks: { data: masks, shape: [count, 3] },
      ...noiseFor(acting, count, () => random.gumbel()),
    });
    const shares = [0, 1, 2].map((choice) =>
      Array.from(drawn.data, Number).filter((each) => each === choice).length /
      count
    );
    // Zeros leave only the biases of the body: computed in the test below.
    const logits = zeroLogits(read);
    const weights = [0, Math.exp(logits[1]), Math.exp(logits[2])];
    const sum = weights[1] + weights[2];
    assert.equal(shares[0], 0);
    assertClose(shares, weights.map((each) => each / sum), 0.015);
  },
);

/** What Basic's two layers make of zeros, worked out here. */
function zeroLogits({ graph }: ReadUnityModel): number[] {
  const values = (name: string) => graph.constant(name)?.data ?? assert.fail();
  const body = "network_body._body_endoder.seq_layers.0.bias";
  const code = Array.from(values(body), (x) => x / (1 + Math.exp(-x)));
  const head = "action_model._discrete_distribution.branches.0";
  const weight = values(`${head}.weight`);
  return Array.from(
    values(`${head}.bias`),
    (bias, i) => code.reduce((sum, x, j) => sum + x * weight[i * 20 + j], bias),
  );
}

Deno.test("version 2 gives its log-probabilities", () => {
  const read = readUnityModel(secondVersionModel(), "m");
  const acting = actingModel(read, false);
  assert.deepEqual(acting.noise, []);
  assert.deepEqual(
    [acting.continuous, acting.discrete],
    [null, "discrete_actions"],
  );
  const feeds = feedsFor(read, 2);
  const { discrete_actions: scores } = run(acting.bytes, feeds);
  const expected = Array.from(
    feeds.vector_observation.data,
    (x, i) => feeds.action_masks.data[i] === 1 ? x : -Infinity,
  );
  assertClose(scores.data, expected);
});

/** A model whose only action is drawn by `opType`. */
function drawingModel(
  opType: string,
  attributes = {},
): Uint8Array {
  const maker = new ModelMaker();
  const vector = maker.input("obs_0", [1]);
  maker.constant("version_number", [3]);
  maker.constant("continuous_action_output_shape", [1]);
  const noise = maker.writer.emit(opType, [vector], attributes);
  maker.writer.emit("Add", [vector, noise], {}, {
    output: "continuous_actions",
  });
  maker.output("continuous_actions", ["batch", 1]);
  return maker.finish();
}

Deno.test("random numbers of another kind are refused by name", () => {
  const refused = [
    drawingModel("RandomUniformLike"),
    drawingModel("RandomNormalLike", { scale: { float: 2 } }),
    drawingModel("Multinomial"),
  ];
  for (const bytes of refused) {
    const read = readUnityModel(bytes, "m.onnx");
    assert.throws(
      () => actingModel(read, false),
      (error) =>
        error instanceof UserError &&
        /m\.onnx: the model draws random numbers in an unknown way/
          .test(error.message),
    );
  }
  const plain = drawingModel("RandomNormalLike", {
    mean: { float: 0 },
    scale: { float: 1 },
  });
  const { noise } = actingModel(readUnityModel(plain, "m"), false);
  assert.deepEqual(noise.map(({ kind, width }) => [kind, width]), [
    ["normal", 1],
  ]);
});

Deno.test("the likeliest actions of a squashed policy are squashed (F-5)", () => {
  const policy = new ExportedPolicy(
    networkSettings([vectorSensor(3)]),
    { continuousSize: 2, discreteBranches: [] },
    { isSquashed: true },
  );
  const read = readUnityModel(policy.bytes, "squashed");
  const feeds = policy.feeds(rows);
  const actions = (model: ReadUnityModel) => {
    const acting = actingModel(model, true);
    const noise = noiseFor(acting, rows, () => 0);
    const outputs = run(acting.bytes, { ...feeds, ...noise });
    return outputs[acting.continuous ?? ""].data;
  };
  const expected = actions(read);
  assert.equal(actingModel(read, true).noise.length, 0);
  // As ML-Agents writes it: the mean itself is the deterministic output.
  const { graph } = read.model;
  const output = "deterministic_continuous_actions";
  const node = graph.node.map((each) =>
    each.output[0] === output ? { ...each, opType: "Identity" } : each
  );
  const bytes = encodeModel({ ...read.model, graph: { ...graph, node } });
  const theirs = readUnityModel(bytes, "theirs");
  assertClose(actions(theirs), expected, 1e-6);
  const raw = run(bytes, feeds)[output].data;
  assertClose(Array.from(raw, Number).map(Math.tanh), expected, 1e-5);
});

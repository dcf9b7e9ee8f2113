/** Models for Unity with images, entities and goals. */
import assert from "node:assert/strict";
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import type { ActionSpec } from "../../lib/spec.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import { networkKinds } from "../support/network_kinds.ts";
import { readOnnx } from "../support/onnx_file.ts";
import {
  entitySensor,
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";
import { testWithSharedData } from "../support/shared_data.ts";

const continuous = { continuousSize: 2, discreteBranches: [] };

/** Operators that Unity's own models for such networks are made of. */
const unityOperators = [
  ...["Add", "ArgMax", "Cast", "Clip", "Concat", "Conv", "Div", "Exp", "Gemm"],
  ...["Identity", "LeakyRelu", "Less", "Log", "MatMul", "Mul", "Multinomial"],
  ...["RandomNormalLike", "ReduceSum", "Relu", "Reshape", "Sigmoid", "Slice"],
  ...["Softmax", "Split", "Sqrt", "Sub", "Transpose", "MaxPool", "LSTM"],
  // The last one in those of SAC.
  ...["Squeeze", "Tanh"],
];

Deno.test("models are made of plain operators of operator set 9", () => {
  for (const [name, kind] of Object.entries(networkKinds)) {
    const { settings, actions, ...options } = kind;
    const { bytes } = new ExportedPolicy(settings, actions, options);
    const { nodes, operatorSets } = readOnnx(bytes);
    assert.deepEqual(operatorSets, { "": 9 });
    const operators = new Set(nodes.map(({ operator }) => operator));
    const others = [...operators].filter((op) => !unityOperators.includes(op));
    assert.deepEqual(others, [], name);
  }
});

Deno.test("all-zero inputs run, as Unity tries when it loads a model", () => {
  const { settings, actions, ...options } = networkKinds.everything;
  const policy = new ExportedPolicy(settings, actions, options);
  const zeros = Object.fromEntries(
    Object.entries(policy.feeds(1)).map(([name, { shape, data }]) => [
      name,
      { data: new Float32Array(data.length), shape },
    ]),
  );
  for (const [name, { data }] of Object.entries(policy.run(zeros))) {
    assert(Array.from(data, Number).every(Number.isFinite), name);
  }
});

interface Example {
  readonly file: string;
  readonly settings: NetworkSettings;
  readonly actions: ActionSpec;
}

const visual3DBall: Example = {
  file: "onnx/Visual3DBall.onnx",
  settings: networkSettings([visualSensor([12, 84, 84])], {
    hidden_units: 128,
  }),
  actions: continuous,
};

const sorter: Example = {
  file: "onnx/Sorter.onnx",
  settings: networkSettings(
    [entitySensor([20, 23]), vectorSensor(10), vectorSensor(8)],
    { hidden_units: 128 },
  ),
  actions: { continuousSize: 0, discreteBranches: [3, 3, 3] },
};

/** A matrix the other way round: theirs hold outputs first. */
function turned({ data, shape: [rows, columns] }: NamedArray): NamedArray {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[j * rows + i] = Number(data[i * columns + j]);
    }
  }
  return { data: result, shape: [columns, rows] };
}

/** Our weights under `to`, from their layer `from`. */
const layer = (
  weights: NamedArrays,
  from: string,
  to: string,
): NamedArrays => ({
  [`${to}.weight`]: turned(weights[`${from}.weight`]),
  [`${to}.bias`]: weights[`${from}.bias`],
});

const bodyOf = (weights: NamedArrays): NamedArrays => ({
  ...layer(weights, "network_body._body_endoder.seq_layers.0", "actor.body.0"),
  ...layer(weights, "network_body._body_endoder.seq_layers.2", "actor.body.1"),
});

/** Outputs of Unity's own model. */
function runExample(bytes: Uint8Array, feeds: NamedArrays): NamedArrays {
  const session = new NativeSession(bytes, { threads: 1 });
  try {
    return session.run(feeds);
  } finally {
    session.close();
  }
}

testWithSharedData(
  "the weights of Unity's Visual3DBall act the same in our network",
  visual3DBall.file,
  (bytes) => {
    const { weights } = readOnnx(bytes);
    const theirs = "network_body.observation_encoder.processors.0";
    const ours = "actor.encoder.visual.0";
    const convolution = (from: number, to: number): NamedArrays =>
      Object.fromEntries(["weight", "bias"].map((part) => [
        `${ours}.convolution.${to}.${part}`,
        weights[`${theirs}.conv_layers.${from}.${part}`],
      ]));
    const head = "action_model._continuous_distribution";
    const policy = new ExportedPolicy(
      visual3DBall.settings,
      visual3DBall.actions,
      {
        normalize: false,
        weights: {
          ...convolution(0, 0),
          ...convolution(2, 1),
          ...layer(weights, `${theirs}.dense.0`, `${ours}.dense`),
          ...bodyOf(weights),
          ...layer(weights, `${head}.mu`, "actor.continuous"),
          "actor.continuous.log_sigma": weights[`${head}.log_sigma`],
        },
      },
    );
    const feeds = policy.feeds(20);
    const expected = runExample(bytes, feeds);
    const actual = policy.run(feeds);
    const name = "deterministic_continuous_actions";
    assertClose(actual[name].data, expected[name].data, 1e-5);
    assert(new Set(Array.from(actual[name].data, Number)).size > 10);
  },
);

testWithSharedData(
  "the weights of Unity's Sorter choose the same in our network",
  sorter.file,
  (bytes) => {
    const { weights } = readOnnx(bytes);
    const theirs = "network_body.observation_encoder";
    const ours = "actor.encoder.entities";
    const own = `${theirs}.processors.0.self_ent_encoder.seq_layers.0`;
    // Products without bias have numbers for names.
    const embedding = weights["onnx::MatMul_187"];
    const rows = (start: number, end: number) => ({
      data: embedding.data.subarray(start * 128, end * 128),
      shape: [end - start, 128],
    });
    const three = ["189", "190", "191"].map((number) =>
      turned(weights[`onnx::MatMul_${number}`])
    );
    const all = new Float32Array(3 * 128 * 128);
    three.forEach(({ data }, i) =>
      all.set(Float32Array.from(data, Number), i * 128 * 128)
    );
    const biases = ["q", "k", "v"].flatMap((each) => [
      ...weights[`${theirs}.rsa.fc_${each}.bias`].data,
    ]);
    const branches = [0, 1, 2].map((branch) =>
      `action_model._discrete_distribution.branches.${branch}`
    );
    const logits = branches.flatMap((name) => [
      ...weights[`${name}.weight`].data,
    ]);
    const offsets = branches.flatMap((
      name,
    ) => [...weights[`${name}.bias`].data]);
    const policy = new ExportedPolicy(sorter.settings, sorter.actions, {
      normalize: false,
      weights: {
        ...layer(
          weights,
          `${theirs}.x_self_encoder.seq_layers.0`,
          `${ours}.self`,
        ),
        [`${ours}.embedding.0.self_weight`]: rows(0, 128),
        [`${ours}.embedding.0.weight`]: rows(128, 151),
        [`${ours}.embedding.0.bias`]: weights[`${own}.bias`],
        [`${ours}.attention.queries_keys_values.weight`]: turned({
          data: all,
          shape: [384, 128],
        }),
        [`${ours}.attention.queries_keys_values.bias`]: {
          data: Float32Array.from(biases),
          shape: [384],
        },
        [`${ours}.attention.out.weight`]: weights["onnx::MatMul_192"],
        [`${ours}.attention.out.bias`]: weights[`${theirs}.rsa.fc_out.bias`],
        ...bodyOf(weights),
        "actor.discrete.weight": turned({
          data: Float32Array.from(logits),
          shape: [9, 128],
        }),
        "actor.discrete.bias": { data: Float32Array.from(offsets), shape: [9] },
      },
    });
    const feeds = policy.feeds(300);
    const name = "deterministic_discrete_actions";
    const [expected, actual] = [runExample(bytes, feeds), policy.run(feeds)]
      .map((outputs) => Array.from(outputs[name].data, Number));
    assert.deepEqual(actual, expected);
    for (const branch of [0, 1, 2]) {
      const chosen = actual.filter((_, i) => i % 3 === branch);
      assert(new Set(chosen).size > 1, `branch ${branch}`);
    }
  },
);

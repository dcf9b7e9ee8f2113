import assert from "node:assert/strict";
import { heNormal } from "../../lib/nn/initializers.ts";
import { dense } from "../../lib/nn/layers.ts";
import { lstmStep, type Recurrence } from "../../lib/nn/lstm.ts";
import {
  bindParameters,
  collectParameters,
  initializeParameters,
  parameterConstants,
  type ParameterScope,
} from "../../lib/nn/parameters.ts";
import type { PolicyOutput } from "../../lib/nn/policy.ts";
import { MemoryPlace } from "../../lib/onnx/unity_memory.ts";
import { unityModel, unityPolicy } from "../../lib/onnx/unity_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import { vectorObservation } from "../../lib/spec.ts";
import { constant, input, reshape, swish } from "../../lib/tensor/build.ts";
import { interpret } from "../../lib/tensor/interpret.ts";
import type { Node } from "../../lib/tensor/operation.ts";
import { makeProgram } from "../../lib/tensor/program.ts";
import type { NamedArray } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { type OnnxFile, readOnnx } from "../support/onnx_file.ts";
import { testWithSharedData } from "../support/shared_data.ts";

const [inputs, units, memorySize, actions] = [3, 5, 8, 2];

/** A dense layer, a memory and a layer of means. */
function policy(
  scope: ParameterScope,
  observation: Node,
  remember: Recurrence,
): PolicyOutput {
  const code = swish(
    dense(scope.at("body"), observation, units, heNormal(1)),
  );
  const output = remember(scope.at("lstm"), code);
  const mean = dense(scope.at("head"), output, actions, heNormal(1));
  const logSigma = constant(new Float32Array(actions), [1, actions]);
  return { gaussian: { mean, logSigma } };
}

/** The policy's means and next memory as our own acting has them. */
function ownResults(scope: ParameterScope, observation: Node, memory: Node) {
  let next: Node = memory;
  const { gaussian } = policy(scope, observation, (scope, code) => {
    const step = lstmStep(scope, code, memory);
    next = step.memory;
    return step.output;
  });
  assert(gaussian);
  return { mean: gaussian.mean, memory: next };
}

const observation = input("obs_0", ["batch", inputs]);
const memory = input("recurrent_in", ["batch", 1, memorySize]);
const flat = reshape(memory, ["batch", memorySize]);
const random = new RandomGenerator(1);
const weights = initializeParameters(
  collectParameters((scope) => ownResults(scope, observation, flat)),
  random,
);
const scope = bindParameters(parameterConstants(weights));

const model = unityModel(unityPolicy({
  version: 3,
  spec: {
    observationSpecs: [vectorObservation(inputs)],
    actionSpec: { continuousSize: actions, discreteBranches: [] },
  },
  actionLimit: 1000,
  memorySize,
  policy: ([first], _mask, remember) => {
    assert(remember);
    return policy(scope, first, remember);
  },
}));

function normals(...shape: number[]): NamedArray<Float32Array> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from({ length: size }, () => random.normal());
  return { data, shape };
}

function run(feeds: Readonly<Record<string, NamedArray>>) {
  const session = new NativeSession(model, { threads: 1 });
  try {
    return session.run(feeds);
  } finally {
    session.close();
  }
}

Deno.test("a recurrent model has a memory coming in and going out", () => {
  const file = readOnnx(model);
  const shape = ["batch", 1, memorySize];
  const names = file.inputs.map(({ name }) => name);
  assert.deepEqual(names, ["obs_0", "recurrent_in"]);
  assert.deepEqual(file.inputs[1].shape, shape);
  const last = { name: "recurrent_out", type: 1, shape };
  assert.deepEqual(file.outputs.at(-1), last);
  const { memory_size } = run({
    obs_0: normals(1, inputs),
    recurrent_in: normals(1, 1, memorySize),
  });
  assert.deepEqual([...memory_size.data], [memorySize]);
});

Deno.test("a recurrent model decides and remembers as our own acting", () => {
  const results = ownResults(scope, observation, flat);
  const own = makeProgram("act", [observation, memory], results);
  for (const rows of [1, 4]) {
    let before = normals(rows, 1, memorySize);
    for (let step = 0; step < 3; step++) {
      const feeds = { obs_0: normals(rows, inputs), recurrent_in: before };
      const expected = interpret(own, feeds);
      const actual = run(feeds);
      const means = actual.deterministic_continuous_actions.data;
      assertClose(
        means,
        Array.from(expected.mean.data, (mean) => mean / 1000),
        1e-7,
      );
      const after = actual.recurrent_out;
      assert.deepEqual(after.shape, [rows, 1, memorySize]);
      assertClose(after.data, expected.memory.data, 1e-6);
      before = {
        data: Float32Array.from(after.data, Number),
        shape: after.shape,
      };
    }
  }
});

/** How operators lead to a model's LSTM and away from it. */
function aroundLstm({ nodes }: OnnxFile): string[] {
  const lstm = nodes.find(({ operator }) => operator === "LSTM");
  assert(lstm);
  const before = (value: string, depth: number): string => {
    const node = nodes.find(({ outputs }) => outputs.includes(value));
    if (!node || node.operator === "Constant") {
      return value.startsWith("recurrent") ? value : "-";
    }
    if (depth === 0) return "...";
    return `${before(node.inputs[0], depth - 1)} > ${node.operator}`;
  };
  const after = (value: string, depth: number): string => {
    const readers = nodes.filter(({ inputs }) => inputs.includes(value));
    if (depth === 0 || readers.length !== 1) {
      return value.startsWith("recurrent") ? value : "...";
    }
    const [{ operator, outputs: [next] }] = readers;
    return `${operator} > ${after(next, depth - 1)}`;
  };
  return [
    ...lstm.inputs.map((value) => before(value, 2)),
    ...lstm.outputs.map((value) => after(value, 3)),
  ];
}

Deno.test("what stands around the LSTM", () => {
  assert.deepEqual(aroundLstm(readOnnx(model)), [
    "... > Reshape > Transpose",
    "-",
    "-",
    "-",
    "-",
    "recurrent_in > Transpose > Slice",
    "recurrent_in > Transpose > Slice",
    "Squeeze > Transpose > Reshape > ...",
    "Concat > Transpose > recurrent_out",
    "Concat > Transpose > recurrent_out",
  ]);
});

testWithSharedData(
  "the same stands around the LSTM of Unity's Hallway",
  "onnx/Hallway.onnx",
  (bytes) => {
    const [ours, theirs] = [model, bytes].map((file) =>
      aroundLstm(readOnnx(file))
    );
    assert.deepEqual(ours, theirs);
  },
);

Deno.test("a policy that does not remember gets no memory", () => {
  const unused = new MemoryPlace(memorySize);
  assert.throws(() => unused.layer, /the policy has no memory/);
});

import assert from "node:assert/strict";
import { UserError } from "../../lib/errors.ts";
import { makeTensor, makeValueInfo } from "../../lib/onnx/graph_writer.ts";
import type { OnnxNode } from "../../lib/onnx/onnx_schema.ts";
import { encodeModel } from "../../lib/onnx/onnx_schema.ts";
import {
  type ReadUnityModel,
  readUnityModel,
} from "../../lib/onnx/read_unity_model.ts";
import {
  changedGraph,
  changedModel,
  ModelMaker,
  secondVersionModel,
  smallModel,
} from "../support/made_models.ts";
import { testWithSharedData } from "../support/shared_data.ts";

/** What a model is, without its graph. */
function read(bytes: Uint8Array): Omit<ReadUnityModel, "model" | "graph"> {
  const { model: _, graph: __, ...plain } = readUnityModel(bytes, "m.onnx");
  return plain;
}

const none = { sampled: null, deterministic: null };
const both = (name: string) => ({
  sampled: name,
  deterministic: `deterministic_${name}`,
});

Deno.test("our own model says what it is", () => {
  assert.deepEqual(read(encodeModel(smallModel())), {
    path: "m.onnx",
    version: 3,
    producer: "deno-agents 1",
    operatorSet: 9,
    observations: [{ name: "obs_0", shape: [3] }],
    continuousSize: 2,
    discreteBranches: [3, 2],
    branchTotal: 5,
    takesMasks: true,
    memorySize: 0,
    continuous: both("continuous_actions"),
    discrete: both("discrete_actions"),
    // 3 x 8 + 8, 8 x 8 + 8, 8 x 2 + 2 + 2, 8 x 5 + 5
    parameterCount: 169,
  });
});

Deno.test("version 2 joins vectors and knows only the sum of branches", () => {
  const model = read(secondVersionModel());
  assert.equal(model.version, 2);
  assert.deepEqual(model.observations, [
    { name: "vector_observation", shape: [5] },
    { name: "visual_observation_0", shape: [1, 2, 2] },
    { name: "obs_2", shape: [2, 1] },
  ]);
  assert.equal(model.discreteBranches, null);
  assert.equal(model.branchTotal, 5);
  assert.deepEqual(model.discrete, {
    sampled: "discrete_actions",
    deterministic: null,
  });
  assert.deepEqual(model.continuous, none);
});

/** The first models of version 2: one output for either kind of action. */
function earlyModel(isContinuous: number): Uint8Array {
  const maker = new ModelMaker();
  const vector = maker.input("vector_observation", [2]);
  maker.constant("version_number", [2]);
  maker.constant("is_continuous_control", [isContinuous]);
  maker.constant("action_output_shape", [2]);
  maker.writer.emit("Tanh", [vector], {}, { output: "action" });
  maker.output("action", ["batch", 2]);
  return maker.finish();
}

Deno.test("the only kind of action may be called action in version 2", () => {
  const action = { sampled: "action", deterministic: null };
  const continuous = read(earlyModel(1));
  assert.deepEqual(continuous.continuous, action);
  assert.deepEqual(continuous.discrete, none);
  assert.equal(continuous.continuousSize, 2);
  const discrete = read(earlyModel(0));
  assert.deepEqual(discrete.discrete, action);
  assert.deepEqual(discrete.continuous, none);
  assert.equal(discrete.branchTotal, 2);
});

interface Expected {
  readonly version?: 2;
  readonly producer: string;
  readonly observations: Readonly<Record<string, readonly number[]>>;
  readonly continuousSize?: number;
  readonly branches?: readonly number[];
  readonly memorySize?: number;
  readonly deterministic?: true;
  readonly parameterCount: number;
}

/** Counted by hand from the sizes of layers. */
const unityModels: Readonly<Record<string, Expected>> = {
  "3DBall": {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [8] },
    continuousSize: 2,
    deterministic: true,
    parameterCount: 17_924,
  },
  "3DBallHard": {
    version: 2,
    producer: "pytorch 1.7",
    observations: { vector_observation: [45] },
    continuousSize: 2,
    parameterCount: 17_924 + 37 * 128,
  },
  Basic: {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [20] },
    branches: [3],
    deterministic: true,
    parameterCount: 20 * 20 + 20 + 20 * 3 + 3,
  },
  Hallway: {
    producer: "pytorch 1.6",
    observations: { obs_0: [105], obs_1: [3] },
    branches: [5],
    memorySize: 128,
    parameterCount: 108 * 128 + 128 + 128 * 128 + 128 +
      256 * (128 + 64 + 2) + 64 * 5 + 5,
  },
  PushBlock: {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [105], obs_1: [105] },
    branches: [7],
    deterministic: true,
    parameterCount: 210 * 256 + 256 + 256 * 256 + 256 + 256 * 7 + 7,
  },
  PushBlockCollab: {
    producer: "pytorch 1.7",
    observations: { obs_0: [6, 20, 20], obs_1: [10] },
    branches: [7],
    parameterCount: 16 * 6 * 64 + 16 + 32 * 16 * 16 + 32 + 32 * 256 + 256 +
      266 * 256 + 256 + 256 * 256 + 256 + 256 * 7 + 7,
  },
  Pyramids: {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [56], obs_1: [56], obs_2: [56], obs_3: [4] },
    branches: [5],
    deterministic: true,
    parameterCount: 172 * 512 + 512 + 512 * 512 + 512 + 512 * 5 + 5,
  },
  Sorter: {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [20, 23], obs_1: [10], obs_2: [8] },
    branches: [3, 3, 3],
    deterministic: true,
    parameterCount: 18 * 128 + 128 + 151 * 128 + 128 + 4 * (128 * 128 + 128) +
      146 * 128 + 128 + 128 * 128 + 128 + 3 * (128 * 3 + 3),
  },
  Visual3DBall: {
    producer: "pytorch 1.11.0",
    observations: { obs_0: [12, 84, 84] },
    continuousSize: 2,
    deterministic: true,
    parameterCount: 16 * 12 * 64 + 16 + 32 * 16 * 16 + 32 + 2592 * 128 + 128 +
      2 * (128 * 128 + 128) + 128 * 2 + 2 + 2,
  },
  deterContinuous2vis8vec2action_v2_0: {
    producer: "pytorch 1.8",
    observations: { obs_0: [8] },
    continuousSize: 2,
    deterministic: true,
    parameterCount: 17_924,
  },
  deterDiscrete1obs3action_v2_0: {
    producer: "pytorch 1.8",
    observations: { obs_0: [20] },
    branches: [3],
    deterministic: true,
    parameterCount: 483,
  },
  hybrid0vis8vec_2c_2_3d_v2_0: {
    producer: "pytorch 1.6",
    observations: { obs_0: [8] },
    continuousSize: 2,
    branches: [2, 3],
    memorySize: 128,
    parameterCount: 8 * 128 + 128 + 128 * 128 + 128 +
      256 * (128 + 64 + 2) + 64 * 2 + 2 + 2 + 64 * 5 + 5,
  },
};

for (const [name, expected] of Object.entries(unityModels)) {
  testWithSharedData(`Unity's ${name}`, `onnx/${name}.onnx`, (bytes) => {
    const { continuousSize = 0, branches = [], version = 3 } = expected;
    const outputs = (kind: string, isThere: boolean) => ({
      sampled: isThere ? kind : null,
      deterministic: isThere && expected.deterministic
        ? `deterministic_${kind}`
        : null,
    });
    assert.deepEqual(read(bytes), {
      path: "m.onnx",
      version,
      producer: expected.producer,
      operatorSet: 9,
      observations: Object.entries(expected.observations)
        .map(([name, shape]) => ({ name, shape })),
      continuousSize,
      discreteBranches: version === 2 ? null : branches,
      branchTotal: branches.reduce((sum, size) => sum + size, 0),
      takesMasks: branches.length > 0,
      memorySize: expected.memorySize ?? 0,
      continuous: outputs("continuous_actions", continuousSize > 0),
      discrete: outputs("discrete_actions", branches.length > 0),
      parameterCount: expected.parameterCount,
    });
  });
}

function refusal(bytes: Uint8Array): string {
  try {
    readUnityModel(bytes, "m.onnx");
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return error.message;
  }
  throw new Error("was accepted");
}

/** The model with other names for inputs and outputs. */
function renamed(change: (name: string) => string): Uint8Array {
  return changedGraph(({ node, initializer, input, output }) => ({
    initializer: initializer.map((each) => ({
      ...each,
      name: change(each.name ?? ""),
    })),
    node: node.map((each): OnnxNode => ({
      ...each,
      input: each.input.map(change),
      output: each.output.map(change),
    })),
    input: input.map((each) => ({ ...each, name: change(each.name) })),
    output: output.map((each) => ({ ...each, name: change(each.name) })),
  }));
}

const without = (unwanted: string) =>
  changedGraph(({ output }) => ({
    output: output.filter(({ name }) => name !== unwanted),
  }));

/** The model whose output says other numbers. */
function saying(name: string, values: readonly number[]): Uint8Array {
  return changedGraph(({ node, initializer }) => ({
    node: node.map((each) =>
      each.output[0] === name ? { ...each, input: ["said"] } : each
    ),
    initializer: [
      makeTensor("float32", Float32Array.from(values), [values.length], "said"),
      ...initializer,
    ],
  }));
}

Deno.test("models of others are refused with what was found", () => {
  const message = refusal(without("version_number"));
  assert.match(message, /^m\.onnx: this is no model of ML-Agents/);
  assert.match(message, /inputs obs_0, action_masks; outputs memory_size, /);
});

Deno.test("models of TensorFlow trainers are told by their names", () => {
  const message = refusal(renamed((name) => name && `${name}:0`));
  assert.match(message, /TensorFlow trainers are not supported/);
  assert.match(message, /"obs_0:0"/);
});

Deno.test("other versions and operator sets are refused", () => {
  assert.match(
    refusal(saying("version_number", [4])),
    /another version_number \(found 4; allowed: 2 or 3\)/,
  );
  const newer = changedModel(() => ({
    opsetImport: [{ domain: "", version: 18 }],
  }));
  assert.match(refusal(newer), /\(found 18; allowed: 7 to 15 of ai\.onnx\)/);
  const foreign = changedModel(() => ({
    opsetImport: [{ domain: "ai.onnx.ml", version: 2 }],
  }));
  assert.match(refusal(foreign), /found ai\.onnx\.ml/);
  const fused = changedGraph(({ node: [first, ...rest] }) => ({
    node: [{ ...first, domain: "com.microsoft" }, ...rest],
  }));
  assert.match(refusal(fused), /found Identity of com\.microsoft/);
});

Deno.test("inputs that nobody could fill are refused", () => {
  const unknown = renamed((name) => name === "obs_0" ? "epsilon" : name);
  assert.match(refusal(unknown), /nothing is known of \(found "epsilon"/);
  const open = changedGraph(({ input: [, ...rest] }) => ({
    input: [makeValueInfo("obs_0", "float32", ["batch", "n"]), ...rest],
  }));
  assert.match(refusal(open), /obs_0 has an unknown form .*\[batch, \?\]/);
  const whole = changedGraph(({ input: [, ...rest] }) => ({
    input: [makeValueInfo("obs_0", "int64", ["batch", 3]), ...rest],
  }));
  assert.match(refusal(whole), /found type 7/);
});

Deno.test("actions that contradict each other are refused", () => {
  assert.match(
    refusal(saying("discrete_action_output_shape", [3, 3])),
    /contradict its masks \(found branches of 3, 3, masks of 5/,
  );
  assert.match(
    refusal(without("discrete_action_output_shape")),
    /does not tell the sizes/,
  );
  assert.match(
    refusal(without("continuous_action_output_shape")),
    /does not tell how many continuous actions/,
  );
  const silent = new ModelMaker();
  silent.constant("version_number", [3]);
  silent.writer.emit("Neg", [silent.input("obs_0", [2])], {}, { output: "y" });
  silent.output("y", ["batch", 2]);
  assert.match(
    refusal(silent.finish()),
    /gives no actions \(found outputs version_number, y;/,
  );
});

Deno.test("an output without an operator behind it counts as absent", () => {
  const bytes = changedGraph(({ node }) => ({
    node: node.filter(({ output }) =>
      output[0] !== "deterministic_discrete_actions"
    ),
  }));
  assert.deepEqual(read(bytes).discrete, {
    sampled: "discrete_actions",
    deterministic: null,
  });
});

Deno.test("half a memory is refused", () => {
  const bytes = changedGraph(({ input }) => ({
    input: [
      ...input,
      makeValueInfo("recurrent_in", "float32", ["batch", 1, 8]),
    ],
  }));
  assert.match(refusal(bytes), /memory is not whole/);
});

Deno.test("weights that are no numbers are refused by name", () => {
  const bytes = changedGraph(({ initializer }) => ({
    initializer: initializer.map((tensor) =>
      tensor.dims.join() === "3,8"
        ? { ...tensor, rawData: new Uint8Array(96).fill(255) }
        : tensor
    ),
  }));
  assert.match(refusal(bytes), /weights "\/constant_\d+" are not all finite/);
});

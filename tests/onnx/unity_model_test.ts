import assert from "node:assert/strict";
import { actionLimit, scaleActions } from "../../lib/algo/policy_networks.ts";
import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import { normalizerNames } from "../../lib/algo/column_names.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { bindParameters } from "../../lib/nn/parameters.ts";
import { unityModel, unityPolicy } from "../../lib/onnx/unity_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import {
  type BehaviorSpec,
  branchTotal,
  observationSize,
  vectorObservation,
} from "../../lib/spec.ts";
import { constant } from "../../lib/tensor/build.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { runLowered } from "../support/lowering.ts";
import { readOnnx } from "../support/onnx_file.ts";

const random = new RandomGenerator(3, "unity model");

type Floats = NamedArray<Float32Array>;

function normals(deviation: number, ...shape: number[]): Floats {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const data = Float32Array.from(
    { length: size },
    () => deviation * random.normal(),
  );
  return { data, shape };
}

function spec(
  continuousSize: number,
  discreteBranches: number[] = [],
  sizes = [8],
): BehaviorSpec {
  return {
    observationSpecs: sizes.map((size) => vectorObservation(size)),
    actionSpec: { continuousSize, discreteBranches },
  };
}

/** A policy with random weights, and its model for Unity. */
class Policy {
  readonly networks: PpoNetworks;
  readonly weights: Readonly<Record<string, Floats>>;
  readonly statistics: NamedArrays;
  readonly bytes: Uint8Array;

  constructor(
    readonly spec: BehaviorSpec,
    change: (weights: Policy["weights"]) => void = () => {},
  ) {
    this.networks = new PpoNetworks({
      spec,
      normalize: true,
      hidden_units: 16,
      num_layers: 2,
      vis_encode_type: "simple",
      goal_conditioning_type: "hyper",
      signals: 1,
    });
    this.weights = Object.fromEntries(
      this.networks.parameters.map(({ name, shape }) => [
        name,
        name.endsWith("log_sigma")
          ? { data: new Float32Array(shape[1]).fill(Math.log(0.4)), shape }
          : normals(0.3, ...shape),
      ]),
    );
    change(this.weights);
    this.statistics = Object.fromEntries(
      spec.observationSpecs.flatMap((sensor, i) => [
        [normalizerNames.mean(i), normals(1, observationSize(sensor))],
        [normalizerNames.scale(i), normals(2, observationSize(sensor))],
      ]),
    );
    const nodes = (arrays: NamedArrays) =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, { data, shape }]) => [
          name,
          constant(Float32Array.from(data, Number), shape),
        ]),
      );
    this.bytes = unityModel(unityPolicy({
      spec,
      version: 3,
      actionLimit,
      policy: (observations, mask) =>
        this.networks.policy(
          bindParameters(nodes(this.weights)),
          this.networks.normalize(observations, nodes(this.statistics)),
          mask,
        ),
    }));
  }

  /** Random observations, and masks that allow each branch something. */
  feeds(rows: number): Record<string, Floats> {
    const feeds: Record<string, Floats> = {};
    this.spec.observationSpecs.forEach((sensor, i) => {
      feeds[`obs_${i}`] = normals(1, rows, observationSize(sensor));
    });
    const { discreteBranches } = this.spec.actionSpec;
    const width = branchTotal(this.spec.actionSpec);
    if (width === 0) return feeds;
    const data = new Float32Array(rows * width);
    for (let row = 0, at = 0; row < rows; row++) {
      for (const size of discreteBranches) {
        for (let i = 0; i < size; i++) data[at + i] = random.integer(2);
        data[at + random.integer(size)] = 1;
        at += size;
      }
    }
    return { ...feeds, action_masks: { data, shape: [rows, width] } };
  }

  run(feeds: NamedArrays): NamedArrays {
    const session = new NativeSession(this.bytes, { threads: 1 });
    try {
      return session.run(feeds);
    } finally {
      session.close();
    }
  }

  /** What our own acting program does without noise. */
  act(feeds: NamedArrays, rows: number): NamedArrays {
    const { continuousSize } = this.spec.actionSpec;
    const width = branchTotal(this.spec.actionSpec);
    const { action_masks: mask, ...observations } = feeds;
    const program = actProgram(this.networks);
    const known = program.inputs.map(({ attributes }) => attributes.name);
    const all: NamedArrays = {
      ...this.weights,
      ...this.statistics,
      ...observations,
      [actNames.continuousNoise]: normals(0, rows, continuousSize),
      [actNames.discreteNoise]: normals(0, rows, width),
      ...(mask && { mask }),
    };
    return runLowered(
      program,
      Object.fromEntries(known.map((name) => [name, all[name]])),
    );
  }
}

Deno.test("the model has one plain operator set", () => {
  const { bytes } = new Policy(spec(2, [2, 3], [4, 3]));
  const { irVersion, operatorSets, nodes } = readOnnx(bytes);
  assert.equal(irVersion, 4);
  assert.deepEqual(operatorSets, { "": 9 });
  assert(nodes.every(({ domain }) => domain === ""));
});

Deno.test("deterministic outputs are those of our acting program", () => {
  for (const form of [spec(2), spec(0, [3, 2, 4]), spec(3, [2, 3], [5, 2])]) {
    const policy = new Policy(form);
    for (const rows of [1, 7]) {
      const feeds = policy.feeds(rows);
      const model = policy.run(feeds);
      const own = policy.act(feeds, rows);
      if (form.actionSpec.continuousSize > 0) {
        const { data, shape } = model.deterministic_continuous_actions;
        const raw = Float32Array.from(own.continuous.data, Number);
        const scaled = new Float32Array(raw.length);
        scaleActions(raw, scaled);
        assert.deepEqual(shape, [rows, form.actionSpec.continuousSize]);
        assertClose(data, scaled, 1e-5);
      }
      if (form.actionSpec.discreteBranches.length > 0) {
        const { data } = model.deterministic_discrete_actions;
        assert.deepEqual(Array.from(data, Number), [...own.discrete.data]);
      }
    }
  }
});

Deno.test("large samples are limited and scaled to -1..1", () => {
  const policy = new Policy(spec(2), (weights) => {
    weights["actor.continuous.bias"].data.set([50, -50]);
  });
  const outputs = policy.run(policy.feeds(1));
  assert.deepEqual([...outputs.continuous_actions.data], [1, -1]);
  const { deterministic_continuous_actions: deterministic } = outputs;
  assert.deepEqual([...deterministic.data], [1, -1]);
});

/** The first of `feeds`' rows, many times. */
function repeated(feeds: NamedArrays, rows: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => {
      const width = shape[1];
      const copies = new Float32Array(rows * width);
      for (let i = 0; i < copies.length; i++) {
        copies[i] = Number(data[i % width]);
      }
      return [name, { data: copies, shape: [rows, width] }];
    }),
  );
}

/** Many draws must keep within this many standard errors. */
const errors = 6;
const rows = 20_000;

Deno.test("drawn actions have the policy's mean and deviation", () => {
  // Small weights keep the mean far from the limits.
  const policy = new Policy(spec(1), (weights) => {
    weights["actor.continuous.weight"].data.fill(0.01);
  });
  const outputs = policy.run(repeated(policy.feeds(1), rows));
  const [mean] = outputs.deterministic_continuous_actions.data;
  const draws = Array.from(outputs.continuous_actions.data, Number);
  const average = draws.reduce((sum, x) => sum + x, 0) / rows;
  const squares = draws.reduce((sum, x) => sum + (x - average) ** 2, 0);
  const deviation = 0.4 / actionLimit;
  assertClose([average], [Number(mean)], errors * deviation / Math.sqrt(rows));
  const tolerance = errors * deviation / Math.sqrt(2 * rows);
  assertClose([Math.sqrt(squares / rows)], [deviation], tolerance);
});

Deno.test("drawn choices follow the softmax of what the mask allows", () => {
  const logits = [0.5, -0.5, 0, 1, 2];
  const policy = new Policy(spec(0, [2, 3]), (weights) => {
    weights["actor.discrete.weight"].data.fill(0);
    weights["actor.discrete.bias"].data.set(logits);
  });
  const feeds = policy.feeds(1);
  feeds.action_masks.data.set([1, 1, 1, 0, 1]);
  const { discrete_actions: actions } = policy.run(repeated(feeds, rows));
  // Softmax of 0.5, -0.5 and of 0, 2 with the choice between them forbidden.
  const expected = [0.731059, 0.268941, 0.119203, 0, 0.880797];
  const counts = new Array<number>(5).fill(0);
  actions.data.forEach((choice: number | bigint, i: number) =>
    counts[Number(choice) + (i % 2 === 0 ? 0 : 2)]++
  );
  expected.forEach((probability, i) => {
    const error = Math.sqrt(probability * (1 - probability) / rows);
    assertClose([counts[i] / rows], [probability], errors * error, `${i}`);
  });
});

Deno.test("forbidden choices are never made", () => {
  const policy = new Policy(spec(0, [3, 2, 4]));
  const feeds = policy.feeds(2000);
  const outputs = policy.run(feeds);
  const { data: allowed } = feeds.action_masks;
  for (const name of ["discrete_actions", "deterministic_discrete_actions"]) {
    outputs[name].data.forEach((choice: number | bigint, i: number) => {
      const at = Math.floor(i / 3) * 9 + [0, 3, 5][i % 3] + Number(choice);
      assert.equal(allowed[at], 1, `${name}, value ${i}`);
    });
  }
});

Deno.test("all-zero inputs run, as Unity tries when it loads a model", () => {
  const policy = new Policy(spec(2, [2, 3]));
  const zeros = (...shape: number[]) => normals(0, ...shape);
  const outputs = policy.run({ obs_0: zeros(1, 8), action_masks: zeros(1, 5) });
  for (const { data } of Object.values(outputs)) {
    assert(Array.from(data, Number).every(Number.isFinite));
  }
  const choices = Array.from(outputs.discrete_actions.data, Number);
  assert(choices[0] >= 0 && choices[0] < 2, `${choices}`);
  assert(choices[1] >= 0 && choices[1] < 3, `${choices}`);
});

import assert from "node:assert/strict";
import { normalizerNames } from "../../lib/algo/column_names.ts";
import { UserError } from "../../lib/errors.ts";
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import { RunningNormalizer } from "../../lib/nn/normalizer.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { resolveSettings } from "../../lib/settings/resolve_settings.ts";
import type { RunConfiguration } from "../../lib/settings/run_settings.ts";
import { importPolicy } from "../../lib/train/import_policy.ts";
import { takePrefix } from "../../lib/util/arrays.ts";
import { assertClose } from "../support/closeness.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import {
  networkSettings,
  vectorSensor,
  visualSensor,
} from "../support/sensors.ts";

type Settings = NonNullable<
  NonNullable<RunConfiguration["default_settings"]>["network_settings"]
>;

/** The network settings of a run, in full. */
function resolved(settings: Settings) {
  const configuration = { default_settings: { network_settings: settings } };
  const { default_settings } = resolveSettings(configuration).settings;
  return default_settings?.network_settings ?? assert.fail();
}

const actions = { continuousSize: 2, discreteBranches: [3] };
const camera = visualSensor([3, 20, 24]);
const goal = vectorSensor(2, "goal");

/** A policy exported with these networks, and how it is imported. */
function example(network: NetworkSettings, memorySize = 0) {
  const policy = new ExportedPolicy(network, actions, { memorySize });
  const model = readUnityModel(policy.bytes, "m.onnx");
  const { observationSpecs } = network;
  const spec = { observationSpecs, actionSpec: actions };
  return {
    policy,
    import: (settings: Settings, change: Partial<typeof spec> = {}) =>
      importPolicy(model, {
        behavior: "B",
        spec: { ...spec, ...change },
        settings: resolved({ hidden_units: 8, ...settings }),
        isSquashed: false,
      }),
  };
}

function refusals(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    assert(error instanceof UserError, String(error));
    assert(error.message.startsWith("m.onnx: "));
    assert.match(error.message, /Write what is allowed|Use a model of this/);
    return error.problems.map(({ path, found, allowed }) =>
      `${path}: ${found}; ${allowed}`
    );
  }
  return [];
}

Deno.test("weights come by a trainer's names, and normalizers as they were", () => {
  const { policy, ...test } = example(networkSettings([vectorSensor(3)]));
  const { state, description } = test.import({ normalize: true });
  assert.equal(description, "2 layers of 8 units, normalized observations");
  const { "normalizer.0.count": count, ...others } = state;
  const normalizer = new RunningNormalizer(3);
  normalizer.restore(takePrefix("normalizer.0.", state));
  const { mean, scale } = normalizer.statistics();
  const { statistics } = policy;
  assert.deepEqual(mean, statistics[normalizerNames.mean(0)].data);
  const scales = Array.from(statistics[normalizerNames.scale(0)].data, Number);
  assertClose(scale, scales.map(Math.abs), 1e-6);
  assert.deepEqual([...count.data], [100_000]);
  const weights = Object.keys(others).filter((name) => /^actor/.test(name));
  assert.deepEqual(weights.sort(), Object.keys(policy.weights).sort());
  for (const name of weights) {
    assert.deepEqual(state[name], policy.weights[name]);
  }
});

Deno.test("what a policy is of is told in words", () => {
  const { description } = example(
    networkSettings([camera, goal, vectorSensor(3)], { num_layers: 1 }),
    6,
  ).import({ normalize: true, num_layers: 1, memory: { memory_size: 6 } });
  assert.equal(
    description,
    "1 layer of 8 units, hyper by obs_1, a memory of 6 values, images by " +
      "simple, normalized observations",
  );
});

const place = "behaviors.B.network_settings";

Deno.test("settings for another network are refused, all at once", () => {
  const test = example(
    networkSettings([camera, vectorSensor(3)], { num_layers: 3 }),
  );
  assert.deepEqual(
    refusals(() =>
      test.import({
        hidden_units: 64,
        vis_encode_type: "match3",
        memory: { memory_size: 4 },
      })
    ),
    [
      `${place}.hidden_units: 64; 8`,
      `${place}.num_layers: 2; 3`,
      `${place}.vis_encode_type: match3; simple`,
      `${place}.memory: a memory; null`,
      `${place}.normalize: false; true`,
    ],
  );
});

Deno.test("a memory of another size, or none, is refused", () => {
  const test = example(networkSettings([vectorSensor(3)]), 6);
  assert.deepEqual(refusals(() => test.import({ normalize: true })), [
    `${place}.memory: null; {memory_size: 6}`,
  ]);
  assert.deepEqual(
    refusals(() =>
      test.import({ normalize: true, memory: { memory_size: 8 } })
    ),
    [`${place}.memory.memory_size: 8; 6`],
  );
});

Deno.test("goals count only where both networks are conditioned by them", () => {
  const conditioned = example(networkSettings([vectorSensor(3), goal]));
  const normalize = true;
  assert.deepEqual(refusals(() => conditioned.import({ normalize })), []);
  assert.deepEqual(
    refusals(() =>
      conditioned.import({ normalize, goal_conditioning_type: "none" })
    ),
    [`${place}.goal_conditioning_type: none; hyper by obs_1`],
  );
  assert.deepEqual(
    refusals(() =>
      conditioned.import({ normalize }, {
        observationSpecs: [vectorSensor(3, "goal"), goal],
      })
    ),
    [
      `${place}.goal_conditioning_type: hyper by obs_0 and obs_1; ` +
      "hyper by obs_1",
    ],
  );
});

Deno.test("a model of another behavior is refused before its network", () => {
  const test = example(networkSettings([vectorSensor(3)]));
  const observationSpecs = [vectorSensor(4)];
  assert.deepEqual(
    refusals(() => test.import({ hidden_units: 64 }, { observationSpecs })),
    ["B: obs_0 of shape [3]; obs_0 of shape [4]"],
  );
});

Deno.test("a model of an algorithm that squashes actions is for no other", () => {
  const network = networkSettings([vectorSensor(3)]);
  const refused = (made: boolean, wanted: boolean) => {
    const policy = new ExportedPolicy(network, actions, { isSquashed: made });
    const { observationSpecs } = network;
    return refusals(() =>
      importPolicy(readUnityModel(policy.bytes, "m.onnx"), {
        behavior: "B",
        spec: { observationSpecs, actionSpec: actions },
        settings: resolved({ hidden_units: 8, normalize: true }),
        isSquashed: wanted,
      })
    );
  };
  const path = "behaviors.B.trainer_type";
  assert.deepEqual(refused(true, false), [`${path}: ppo or poca; sac`]);
  assert.deepEqual(refused(false, true), [`${path}: sac; ppo or poca`]);
  assert.deepEqual(refused(true, true), []);
});

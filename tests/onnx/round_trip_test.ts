/**
 * Networks of every kind act alike in our program, in onnxruntime as a model
 * for Unity, as that model when it is read again, and with its weights.
 */
import assert from "node:assert/strict";
import { actNames } from "../../lib/algo/act_program.ts";
import type { DecisionSteps } from "../../lib/env/env.ts";
import { readUnityModel } from "../../lib/onnx/read_unity_model.ts";
import { recognizePolicy } from "../../lib/onnx/recognize/recognize_policy.ts";
import { ModelActor } from "../../lib/train/model_actor.ts";
import { addPrefix, type NamedArrays } from "../../lib/util/arrays.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { assertClose } from "../support/closeness.ts";
import { ExportedPolicy } from "../support/exported_policy.ts";
import { networkKinds } from "../support/network_kinds.ts";
import { statisticsOf } from "../support/same_policy.ts";

const rows = 1000;
const tolerance = 1e-5;

/** What a policy does; kinds that it does not have are empty. */
interface Acted {
  readonly continuous: readonly number[];
  readonly discrete: readonly number[];
  readonly memory: readonly number[];
}

const numbers = (arrays: NamedArrays, name: string) =>
  Array.from(arrays[name]?.data ?? [], Number);

/** By our own acting program, without noise. */
function actOurselves(policy: ExportedPolicy, feeds: NamedArrays): Acted {
  const acted = policy.act(feeds, rows);
  const raw = Float32Array.from(numbers(acted, actNames.continuous));
  const scaled = new Float32Array(raw.length);
  policy.networks.sendActions(raw, scaled);
  return {
    continuous: [...scaled],
    discrete: numbers(acted, actNames.discrete),
    memory: numbers(acted, actNames.nextMemory),
  };
}

/** The deterministic outputs of the model as Unity runs it. */
function actAsUnity(policy: ExportedPolicy, feeds: NamedArrays): Acted {
  const outputs = policy.run(feeds);
  return {
    continuous: numbers(outputs, "deterministic_continuous_actions"),
    discrete: numbers(outputs, "deterministic_discrete_actions"),
    memory: numbers(outputs, "recurrent_out"),
  };
}

/** By the model as `--inference --model` runs it. */
function actAsModel(policy: ExportedPolicy, feeds: NamedArrays): Acted {
  const { spec } = policy.networks.settings;
  const actor = new ModelActor(readUnityModel(policy.bytes, "m.onnx"), {
    behavior: "B",
    spec,
    random: new RandomGenerator(1),
    deterministic: true,
  });
  const floats = (name: string) => Float32Array.from(numbers(feeds, name));
  const decisions: DecisionSteps = {
    count: rows,
    agentIds: Int32Array.from({ length: rows }, (_, row) => row),
    observations: spec.observationSpecs.map((_, i) => floats(`obs_${i}`)),
    rewards: new Float32Array(rows),
    groupIds: new Int32Array(rows),
    groupRewards: new Float32Array(rows),
    actionMask: Uint8Array.from(numbers(feeds, "action_masks")),
  };
  const { actions, memory } = actor.act([decisions], floats("recurrent_in"));
  actor.close();
  return {
    continuous: [...actions.continuous],
    discrete: [...actions.discrete],
    memory: [...memory],
  };
}

function assertSame(actual: Acted, expected: Acted): void {
  assertClose(actual.continuous, expected.continuous, tolerance, "continuous");
  assertClose(actual.memory, expected.memory, tolerance, "memory");
  assert.equal(actual.discrete.length, expected.discrete.length);
  const others = actual.discrete.filter((choice, i) =>
    choice !== expected.discrete[i]
  );
  // Two choices may be equally likely to the last bit but one.
  const most = expected.discrete.length / 1000;
  assert(others.length <= most, `${others.length} choices differ`);
}

/** No policy that does the same whatever it sees. */
function assertVaried({ continuous, discrete, memory }: Acted): void {
  for (const values of [continuous, memory]) {
    assert(values.length === 0 || new Set(values).size > rows / 2);
  }
  assert(discrete.length === 0 || new Set(discrete).size > 1);
}

for (const [name, kind] of Object.entries(networkKinds)) {
  const { settings, actions, found: _, ...options } = kind;

  Deno.test(`${name}: one policy in four places`, () => {
    const policy = new ExportedPolicy(settings, actions, options);
    const feeds = policy.feeds(rows);
    const expected = actOurselves(policy, feeds);
    assertVaried(expected);
    assertSame(actAsUnity(policy, feeds), expected);
    assertSame(actAsModel(policy, feeds), expected);
    const model = readUnityModel(policy.bytes, "m.onnx");
    const recognized = recognizePolicy(model);
    const again = new ExportedPolicy(settings, actions, {
      ...options,
      weights: addPrefix("actor.", recognized.weights),
      statistics: statisticsOf(recognized),
    });
    assertSame(actOurselves(again, feeds), expected);
  });

  Deno.test(`${name}: the same policy as a model of version 2`, () => {
    const policy = new ExportedPolicy(settings, actions, {
      ...options,
      version: 2,
    });
    const feeds = policy.feeds(rows);
    assertSame(actAsModel(policy, feeds), actOurselves(policy, feeds));
  });
}

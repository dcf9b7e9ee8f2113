import { actNames, actProgram } from "../../lib/algo/act_program.ts";
import {
  actionLimit,
  type PolicyNetworks,
} from "../../lib/algo/policy_networks.ts";
import { PpoNetworks } from "../../lib/algo/ppo_networks.ts";
import { SacNetworks } from "../../lib/algo/sac_networks.ts";
import { bindParameters, parameterConstants } from "../../lib/nn/parameters.ts";
import type { ContractVersion } from "../../lib/onnx/model_inputs.ts";
import {
  unityModel,
  type UnityPolicy,
  unityPolicy,
} from "../../lib/onnx/unity_model.ts";
import { NativeSession } from "../../lib/runtime/native_session.ts";
import {
  type ActionSpec,
  branchTotal,
  observationSize,
} from "../../lib/spec.ts";
import type { NamedArray, NamedArrays } from "../../lib/util/arrays.ts";
import type { NetworkSettings } from "../../lib/nn/network_body.ts";
import { RandomGenerator } from "../../lib/util/random.ts";
import { runLowered } from "./lowering.ts";
import {
  normals,
  randomMasks,
  randomObservations,
  randomWeights,
} from "./random_arrays.ts";

export interface ExportedPolicyOptions {
  readonly weights?: NamedArrays;
  readonly normalize?: boolean;
  /** Normalizers by their inputs' names. */
  readonly statistics?: NamedArrays;
  readonly memorySize?: number;
  readonly sharedCritic?: boolean;
  /** A policy of SAC. */
  readonly isSquashed?: boolean;
  readonly version?: ContractVersion;
}

/** A policy over any sensors, with random weights, and its model for Unity. */
export class ExportedPolicy {
  readonly networks: PolicyNetworks;
  readonly weights: NamedArrays;
  readonly description: UnityPolicy;
  readonly bytes: Uint8Array;
  readonly statistics: NamedArrays;
  readonly #random = new RandomGenerator(5, "exported policy");

  /** Weights and normalizers are drawn unless given. */
  constructor(
    settings: NetworkSettings,
    actionSpec: ActionSpec,
    {
      weights,
      normalize = true,
      statistics,
      memorySize = 0,
      sharedCritic = false,
      isSquashed = false,
      version = 3,
    }: ExportedPolicyOptions = {},
  ) {
    const { observationSpecs } = settings;
    const spec = { observationSpecs, actionSpec };
    const all = {
      ...settings,
      spec,
      normalize,
      signals: 1,
      ...(memorySize > 0 &&
        { memory: { memory_size: memorySize, sequence_length: 1 } }),
    };
    this.networks = isSquashed
      ? new SacNetworks({ ...all, initialTemperature: 1 })
      : new PpoNetworks({ ...all, sharedCritic });
    this.weights = weights ??
      randomWeights(this.networks.parametersOf("actor"), this.#random);
    this.statistics = statistics ?? Object.fromEntries(
      this.networks.normalizerInputs().map(({ attributes, shape }) => [
        attributes.name,
        normals(this.#random, 1, shape.map(Number)),
      ]),
    );
    const normalizers = parameterConstants(this.statistics);
    this.description = unityPolicy({
      spec,
      version,
      actionLimit,
      memorySize,
      policy: (observations, mask, remember) =>
        this.networks.policy(
          bindParameters(parameterConstants(this.weights)),
          this.networks.normalize(observations, normalizers),
          mask,
          remember,
        ),
    });
    this.bytes = unityModel(this.description);
  }

  /** Random observations as Unity shapes them, masks, and memories. */
  feeds(rows: number): Record<string, NamedArray<Float32Array>> {
    const { spec } = this.networks.settings;
    const feeds: Record<string, NamedArray<Float32Array>> = Object.fromEntries(
      spec.observationSpecs.map((sensor, i) => {
        const { data } = randomObservations(sensor, rows, this.#random);
        return [`obs_${i}`, { data, shape: [rows, ...sensor.shape] }];
      }),
    );
    const { memorySize } = this.networks;
    if (memorySize > 0) {
      feeds.recurrent_in = normals(this.#random, 1, [rows, 1, memorySize]);
    }
    if (branchTotal(spec.actionSpec) === 0) return feeds;
    const { discreteBranches } = spec.actionSpec;
    const action_masks = randomMasks(discreteBranches, rows, this.#random);
    return { ...feeds, action_masks };
  }

  /** What the model for Unity says. */
  run(feeds: NamedArrays): NamedArrays {
    const session = new NativeSession(this.bytes, { threads: 1 });
    try {
      return session.run(feeds);
    } finally {
      session.close();
    }
  }

  /** What our own acting program does without noise, with rows kept flat. */
  act(feeds: NamedArrays, rows: number): NamedArrays {
    const { spec } = this.networks.settings;
    const noise = (width: number) => ({
      data: new Float32Array(rows * width),
      shape: [rows, width],
    });
    const all: Record<string, NamedArray> = {
      ...this.weights,
      ...this.statistics,
      mask: feeds.action_masks,
      [actNames.continuousNoise]: noise(spec.actionSpec.continuousSize),
      [actNames.discreteNoise]: noise(branchTotal(spec.actionSpec)),
    };
    if (feeds.recurrent_in) {
      const { data } = feeds.recurrent_in;
      const shape = [rows, this.networks.memorySize];
      all[actNames.memory] = { data, shape };
    }
    spec.observationSpecs.forEach((sensor, i) => {
      const { data } = feeds[`obs_${i}`];
      all[`obs_${i}`] = { data, shape: [rows, observationSize(sensor)] };
    });
    const program = actProgram(this.networks);
    const names = program.inputs.map(({ attributes }) => attributes.name);
    const known = names.map((name) => [name, all[name]]);
    return runLowered(program, Object.fromEntries(known));
  }
}

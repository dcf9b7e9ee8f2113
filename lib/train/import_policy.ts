/** Takes the weights of a policy out of a model for Unity. */
import { type Problem, UserError } from "../errors.ts";
import { goalSensors } from "../nn/observation_encoder.ts";
import { observationKind } from "../nn/observation_kind.ts";
import { fitModel } from "../onnx/fit_model.ts";
import type { ReadUnityModel } from "../onnx/read_unity_model.ts";
import {
  type RecognizedPolicy,
  recognizePolicy,
} from "../onnx/recognize/recognize_policy.ts";
import type { BehaviorSettings } from "../settings/behavior_settings.ts";
import { type BehaviorSpec, observationSize } from "../spec.ts";
import {
  addPrefix,
  type NamedArray,
  type NamedArrays,
} from "../util/arrays.ts";

export interface ImportOptions {
  /** Name without the team. */
  readonly behavior: string;
  readonly spec: BehaviorSpec;
  /** Those of the run that starts. */
  readonly settings: BehaviorSettings["network_settings"];
  /** The run's policy squashes its actions: that of SAC. */
  readonly isSquashed: boolean;
}

export interface ImportedPolicy {
  /** Weights of the actor and states of normalisers, by a trainer's names. */
  readonly state: NamedArrays;
  /** What they are of, in words. */
  readonly description: string;
}

/**
 * As many observations a normaliser counts for that a model brings: the model
 * does not tell how many it has seen. New ones move it slowly, as they would
 * have done.
 */
const seenObservations = 100_000;

/**
 * Throws UserError when the model does not fit the behavior, when its network
 * is not recognised, and when the run's settings are for another network.
 */
export function importPolicy(
  model: ReadUnityModel,
  { behavior, spec, settings, isSquashed }: ImportOptions,
): ImportedPolicy {
  fitModel(model, behavior, spec);
  const policy = recognizePolicy(model);
  if (spec.actionSpec.continuousSize > 0 && policy.isSquashed !== isSquashed) {
    throw new UserError({
      place: { file: model.path },
      path: `behaviors.${behavior}.trainer_type`,
      what: "the model's policy is of another algorithm",
      found: trainersOf(isSquashed),
      allowed: trainersOf(policy.isSquashed),
      cure: "Write what is allowed: that is what the model was trained with.",
    });
  }
  const problems = settingProblems(policy, spec, settings);
  if (problems.length > 0) {
    throw new UserError(problems.map(({ path, ...problem }, i) => ({
      place: { file: model.path },
      path: `behaviors.${behavior}.network_settings.${path}`,
      ...problem,
      ...i === problems.length - 1 && {
        cure: "Write what is allowed: those are the settings that the model " +
          "was trained with.",
      },
    })));
  }
  return {
    state: {
      ...addPrefix("actor.", policy.weights),
      ...addPrefix("normalizer.", normalizerState(policy)),
    },
    description: describePolicy(policy),
  };
}

const trainersOf = (isSquashed: boolean) => isSquashed ? "sac" : "ppo or poca";

/** The network's settings that are not those of the policy. */
function settingProblems(
  policy: RecognizedPolicy,
  { observationSpecs }: BehaviorSpec,
  settings: ImportOptions["settings"],
): Problem[] {
  const problems: Problem[] = [];
  const compare = (path: string, found: unknown, allowed: unknown) => {
    if (`${found}` === `${allowed}`) return;
    const what = "the model's network is another";
    problems.push({ path, what, found: `${found}`, allowed: `${allowed}` });
  };
  compare("hidden_units", settings.hidden_units, policy.hiddenUnits);
  compare("num_layers", settings.num_layers, policy.numLayers);
  if (policy.visualEncoder !== null) {
    compare("vis_encode_type", settings.vis_encode_type, policy.visualEncoder);
  }
  const { memory } = settings;
  if (memory && policy.memorySize > 0) {
    compare("memory.memory_size", memory.memory_size, policy.memorySize);
  } else {
    const wanted = policy.memorySize > 0
      ? `{memory_size: ${policy.memorySize}}`
      : "null";
    compare("memory", memory ? "a memory" : "null", wanted);
  }
  const hasVectors = observationSpecs.some((spec) =>
    observationKind(spec) === "vector" && observationSize(spec) > 0
  );
  if (hasVectors) {
    compare("normalize", settings.normalize, policy.normalizers.size > 0);
  }
  const goals = goalSensors({ ...settings, observationSpecs });
  compare("goal_conditioning_type", goalWords(goals), goalWords(policy.goals));
  return problems;
}

const goalWords = (goals: readonly number[]) =>
  goals.length === 0
    ? "none"
    : `hyper by ${goals.map((sensor) => `obs_${sensor}`).join(" and ")}`;

/** Its layers, from observations to actions. */
export function describePolicy(policy: RecognizedPolicy): string {
  const { hiddenUnits, numLayers, visualEncoder, memorySize } = policy;
  const hasEntities = Object.keys(policy.weights).some((name) =>
    name.startsWith("encoder.entities.")
  );
  const layers = numLayers === 1 ? "1 layer" : `${numLayers} layers`;
  return [
    `${layers} of ${hiddenUnits} units`,
    ...policy.goals.length > 0 ? [goalWords(policy.goals)] : [],
    ...memorySize > 0 ? [`a memory of ${memorySize} values`] : [],
    ...visualEncoder === null ? [] : [`images by ${visualEncoder}`],
    ...hasEntities ? ["entities by attention"] : [],
    ...policy.normalizers.size > 0 ? ["normalized observations"] : [],
    ...policy.isSquashed ? ["squashed actions"] : [],
  ].join(", ");
}

function normalizerState({ normalizers }: RecognizedPolicy): NamedArrays {
  const state: Record<string, NamedArray> = {};
  for (const [sensor, { mean, scale }] of normalizers) {
    const shape = [mean.length];
    state[`${sensor}.count`] = {
      data: Float64Array.of(seenObservations),
      shape: [],
    };
    state[`${sensor}.mean`] = { data: Float64Array.from(mean), shape };
    state[`${sensor}.squares`] = {
      data: Float64Array.from(scale, (each) => seenObservations / each ** 2),
      shape,
    };
  }
  return state;
}

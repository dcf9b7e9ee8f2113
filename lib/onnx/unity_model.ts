/**
 * The model file that Unity loads: contract version 3 or 2, operator set 9,
 * batch free on every output (configuration reference, section 8).
 */
import { input, split } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram, type Program } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { branchProbabilities } from "../nn/distributions.ts";
import type { Recurrence } from "../nn/lstm.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import {
  type BehaviorSpec,
  branchTotal,
  observationSize,
  type ObservationSpec,
} from "../spec.ts";
import { GraphWriter, makeValueInfo } from "./graph_writer.ts";
import { Lowering, makeModel, unityTarget } from "./lower.ts";
import {
  type ContractVersion,
  type ModelInput,
  modelInputs,
} from "./model_inputs.ts";
import { encodeModel } from "./onnx_schema.ts";
import { type MemoryLayer, MemoryPlace, writeMemory } from "./unity_memory.ts";
import { UnityOutputs } from "./unity_outputs.ts";

export interface UnityPolicyOptions {
  readonly spec: BehaviorSpec;
  readonly version: ContractVersion;
  /**
   * Continuous samples are limited to this range and scaled to -1..1, unless
   * the policy squashes them.
   */
  readonly actionLimit: number;
  /** Values of a recurrent policy's memory, an even number. */
  readonly memorySize?: number;
  /**
   * The policy of observation inputs `[batch, ...]`, weights as constants. A
   * recurrent one remembers with the layer that it is given.
   */
  readonly policy: (
    observations: readonly Node[],
    mask?: Node,
    remember?: Recurrence,
  ) => PolicyOutput;
}

/**
 * All that a model is made of, as plain data: cheap to make, and to be handed
 * to another thread, which makes the model of it.
 */
export interface UnityPolicy {
  readonly spec: BehaviorSpec;
  readonly version: ContractVersion;
  /** Null where actions are squashed. */
  readonly actionLimit: number | null;
  /** In the order in which the model has them. */
  readonly inputs: readonly Node<"input">[];
  readonly memory: MemoryLayer | null;
  /** Of the inputs, and of what the memory says: what actions are made of. */
  readonly program: Program;
}

/** Describes the policy's model. */
export function unityPolicy(options: UnityPolicyOptions): UnityPolicy {
  const { spec, version, memorySize, policy } = options;
  const taken = modelInputs(version, spec.observationSpecs);
  const observations = taken.map(({ name, shape }) =>
    input(name, ["batch", ...shape])
  );
  const maskWidth = branchTotal(spec.actionSpec);
  const masks = maskWidth > 0
    ? [input("action_masks", ["batch", maskWidth])]
    : [];
  const place = memorySize ? new MemoryPlace(memorySize) : undefined;
  const { gaussian, categorical } = policy(
    sensorValues(taken, observations, spec.observationSpecs),
    masks[0],
    place?.remember,
  );
  const memory = place ? place.layer : null;
  const inputs = [
    ...observations,
    ...masks,
    ...(memory ? [memory.before] : []),
  ];
  const branches = categorical ? branchProbabilities(categorical) : [];
  const given = memory ? [...inputs, memory.output] : inputs;
  const program = makeProgram("policy", given, {
    ...(memory && { code: memory.code }),
    ...(gaussian && { mean: gaussian.mean, logSigma: gaussian.logSigma }),
    ...Object.fromEntries(branches.map((node, i) => [branchName(i), node])),
  });
  const actionLimit = gaussian?.isSquashed ? null : options.actionLimit;
  return { spec, version, actionLimit, inputs, memory, program };
}

/** The bytes of the model. */
export function unityModel(policy: UnityPolicy): Uint8Array {
  const { spec, version, inputs, memory } = policy;
  const program = simplifyProgram(policy.program);
  const writer = new GraphWriter();
  const lowering = new Lowering(writer, unityTarget, program);
  const outputs = new UnityOutputs(
    writer,
    version,
    spec.actionSpec,
    policy.actionLimit,
  );
  outputs.writeHead(memory?.size ?? 0);
  const after = memory && writeMemory(memory, lowering, program.outputs.code);
  const nameOf = (result: string) => lowering.nameOf(program.outputs[result]);
  outputs.writeActions({
    ...(spec.actionSpec.continuousSize > 0 && {
      gaussian: { mean: nameOf("mean"), logSigma: nameOf("logSigma") },
    }),
    branches: spec.actionSpec.discreteBranches.map((_, i) =>
      nameOf(branchName(i))
    ),
  });
  if (after) outputs.add(after);
  const graph = writer.finish(
    "policy",
    inputs.map(({ attributes, dtype, shape }) =>
      makeValueInfo(attributes.name, dtype, shape)
    ),
    outputs.infos,
  );
  return encodeModel(makeModel(graph, unityTarget));
}

/** The probabilities of a branch, among the results of the policy. */
const branchName = (branch: number) => `branch_${branch}`;

/** What each sensor gives, from the inputs in which they may be joined. */
function sensorValues(
  taken: readonly ModelInput[],
  inputs: readonly Node[],
  specs: readonly ObservationSpec[],
): Node[] {
  const values: Node[] = [];
  taken.forEach(({ sensors }, i) => {
    const sizes = sensors.map((sensor) => observationSize(specs[sensor]));
    const parts = sensors.length > 1 ? split(inputs[i], 1, sizes) : [inputs[i]];
    sensors.forEach((sensor, part) => values[sensor] = parts[part]);
  });
  return values;
}

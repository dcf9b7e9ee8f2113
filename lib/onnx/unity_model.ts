/**
 * The model file that Unity loads: contract version 3 or 2, operator set 9,
 * batch free on every output (configuration reference, section 8).
 */
import { input, split } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram } from "../tensor/program.ts";
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
import { UnityMemory } from "./unity_memory.ts";
import { UnityOutputs } from "./unity_outputs.ts";

export interface UnityModelOptions {
  readonly spec: BehaviorSpec;
  readonly version: ContractVersion;
  /** Continuous samples are limited to this range and scaled to -1..1. */
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

/** The bytes of the model. */
export function unityModel(options: UnityModelOptions): Uint8Array {
  const { spec, version } = options;
  const taken = modelInputs(version, spec.observationSpecs);
  const observations = taken.map(({ name, shape }) =>
    input(name, ["batch", ...shape])
  );
  const maskWidth = branchTotal(spec.actionSpec);
  const masks = maskWidth > 0
    ? [input("action_masks", ["batch", maskWidth])]
    : [];
  const memory = options.memorySize
    ? new UnityMemory(options.memorySize)
    : undefined;
  const { gaussian, categorical } = options.policy(
    sensorValues(taken, observations, spec.observationSpecs),
    masks[0],
    memory?.remember,
  );
  const inputs = [
    ...observations,
    ...masks,
    ...(memory ? [memory.before] : []),
  ];
  const branches = categorical ? branchProbabilities(categorical) : [];
  const given = memory ? [...inputs, memory.output] : inputs;
  const program = simplifyProgram(makeProgram("policy", given, {
    ...(memory && { code: memory.code }),
    ...gaussian,
    ...Object.fromEntries(branches.map((node, i) => [branchName(i), node])),
  }));

  const writer = new GraphWriter();
  const lowering = new Lowering(writer, unityTarget, program);
  const outputs = new UnityOutputs(
    writer,
    version,
    spec.actionSpec,
    options.actionLimit,
  );
  outputs.writeHead(memory?.size ?? 0);
  const after = memory?.write(lowering, program.outputs.code);
  const nameOf = (result: string) => lowering.nameOf(program.outputs[result]);
  outputs.writeActions({
    ...(gaussian && {
      gaussian: { mean: nameOf("mean"), logSigma: nameOf("logSigma") },
    }),
    branches: branches.map((_, i) => nameOf(branchName(i))),
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

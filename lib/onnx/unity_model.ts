/**
 * The model file that Unity loads: contract version 3, operator set 9, batch
 * free on every output (configuration reference, section 8).
 */
import { input } from "../tensor/build.ts";
import type { Node } from "../tensor/operation.ts";
import { makeProgram } from "../tensor/program.ts";
import { simplifyProgram } from "../tensor/simplify.ts";
import { branchProbabilities } from "../nn/distributions.ts";
import type { Recurrence } from "../nn/lstm.ts";
import type { PolicyOutput } from "../nn/policy.ts";
import { type BehaviorSpec, branchTotal } from "../spec.ts";
import { GraphWriter, makeValueInfo } from "./graph_writer.ts";
import { Lowering, makeModel, unityTarget } from "./lower.ts";
import { encodeModel, OnnxType, type OnnxValueInfo } from "./onnx_schema.ts";
import { UnityMemory } from "./unity_memory.ts";

export interface UnityModelOptions {
  readonly spec: BehaviorSpec;
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

const contractVersion = 3;

/** The bytes of the model. */
export function unityModel(options: UnityModelOptions): Uint8Array {
  const { spec } = options;
  const observations = spec.observationSpecs.map(({ shape }, sensor) =>
    input(`obs_${sensor}`, ["batch", ...shape])
  );
  const maskWidth = branchTotal(spec.actionSpec);
  const masks = maskWidth > 0
    ? [input("action_masks", ["batch", maskWidth])]
    : [];
  const memory = options.memorySize
    ? new UnityMemory(options.memorySize)
    : undefined;
  const { gaussian, categorical } = options.policy(
    observations,
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
  const outputs: OnnxValueInfo[] = [];
  const constantOutput = (name: string, values: number[], shape: number[]) => {
    const data = Float32Array.from(values);
    const value = writer.addInitializer("float32", data, shape);
    writer.emit("Identity", [value], {}, { output: name });
    outputs.push(makeValueInfo(name, "float32", shape));
  };
  constantOutput("version_number", [contractVersion], [1]);
  constantOutput("memory_size", [memory?.size ?? 0], [1]);
  const after = memory?.write(lowering, program.outputs.code);
  if (gaussian) {
    const { continuousSize } = spec.actionSpec;
    const shape = ["batch", continuousSize];
    const { mean, logSigma } = program.outputs;
    writeContinuous(
      writer,
      { mean: lowering.nameOf(mean), logSigma: lowering.nameOf(logSigma) },
      options.actionLimit,
    );
    outputs.push(makeValueInfo("continuous_actions", "float32", shape));
    constantOutput("continuous_action_output_shape", [continuousSize], [1]);
    outputs.push(
      makeValueInfo("deterministic_continuous_actions", "float32", shape),
    );
  }
  if (categorical) {
    const { discreteBranches } = spec.actionSpec;
    const shape = ["batch", discreteBranches.length];
    const probabilities = branches.map((_, i) =>
      lowering.nameOf(program.outputs[branchName(i)])
    );
    writeDiscrete(writer, probabilities);
    outputs.push(makeValueInfo("discrete_actions", "int64", shape));
    constantOutput("discrete_action_output_shape", [...discreteBranches], [
      1,
      discreteBranches.length,
    ]);
    outputs.push(
      makeValueInfo("deterministic_discrete_actions", "int64", shape),
    );
  }
  if (after) outputs.push(after);
  const graph = writer.finish(
    "policy",
    inputs.map(({ attributes, dtype, shape }) =>
      makeValueInfo(attributes.name, dtype, shape)
    ),
    outputs,
  );
  return encodeModel(makeModel(graph, unityTarget));
}

/** The probabilities of a branch, among the results of the policy. */
const branchName = (branch: number) => `branch_${branch}`;

/** Sampled and deterministic values, both limited and scaled. */
function writeContinuous(
  writer: GraphWriter,
  { mean, logSigma }: Readonly<Record<"mean" | "logSigma", string>>,
  actionLimit: number,
): void {
  const noise = writer.emit("RandomNormalLike", [mean]);
  const sigma = writer.emit("Exp", [logSigma]);
  const draw = writer.emit("Mul", [sigma, noise]);
  const sample = writer.emit("Add", [mean, draw]);
  const scale = writer.addInitializer(
    "float32",
    Float32Array.of(actionLimit),
    [],
  );
  const limited = (raw: string, output: string) => {
    const clipped = writer.emit("Clip", [raw], {
      min: { float: -actionLimit },
      max: { float: actionLimit },
    });
    writer.emit("Div", [clipped, scale], {}, { output });
  };
  limited(sample, "continuous_actions");
  limited(mean, "deterministic_continuous_actions");
}

/** Drawn and likeliest index of every branch, side by side. */
function writeDiscrete(
  writer: GraphWriter,
  branches: readonly string[],
): void {
  const drawn: string[] = [];
  const likeliest: string[] = [];
  const axis = { int: 1 };
  for (const probabilities of branches) {
    const logarithms = writer.emit("Log", [probabilities]);
    drawn.push(writer.emit("Multinomial", [logarithms], {
      dtype: { int: OnnxType.int64 },
      sample_size: { int: 1 },
    }));
    const keepdims = { int: 1 };
    likeliest.push(writer.emit("ArgMax", [probabilities], { axis, keepdims }));
  }
  const join = (branches: readonly string[], output: string) =>
    writer.emit("Concat", branches, { axis }, { output });
  join(drawn, "discrete_actions");
  join(likeliest, "deterministic_discrete_actions");
}

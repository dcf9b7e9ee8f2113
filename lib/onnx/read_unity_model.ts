/**
 * What a model for Unity says of itself: contract versions 2 and 3
 * (configuration reference, section 8).
 */
import { type Problem, UserError } from "../errors.ts";
import { plainText } from "../util/quote.ts";
import { decodeModel } from "./decode_model.ts";
import { GraphReader } from "./graph_reader.ts";
import type { ContractVersion, ModelObservation } from "./model_inputs.ts";
import { type OnnxModel, OnnxType, type OnnxValueInfo } from "./onnx_schema.ts";

/** The outputs for one kind of action; null where there is none. */
export interface ActionOutputs {
  readonly sampled: string | null;
  readonly deterministic: string | null;
}

/** A model that Unity could load. */
export interface ReadUnityModel {
  /** The file, for messages. */
  readonly path: string;
  readonly version: ContractVersion;
  /** What wrote it: `pytorch 1.11.0`. */
  readonly producer: string;
  readonly operatorSet: number;
  /** In the order of the graph's inputs. */
  readonly observations: readonly ModelObservation[];
  readonly continuousSize: number;
  /** Null in version 2, which knows only their sum. */
  readonly discreteBranches: readonly number[] | null;
  /** Sum of all branches. */
  readonly branchTotal: number;
  /** False for models that allow every choice. */
  readonly takesMasks: boolean;
  /** Values of one agent's memory; 0 = it remembers nothing. */
  readonly memorySize: number;
  readonly continuous: ActionOutputs;
  /** Chosen indices; in version 2 log-probabilities `[batch, sum]`. */
  readonly discrete: ActionOutputs;
  /** Number of values in weights and biases. */
  readonly parameterCount: number;
  readonly model: OnnxModel;
  readonly graph: GraphReader;
}

/** Inputs and outputs that both versions have. */
export const unityNames = {
  masks: "action_masks",
  memoryBefore: "recurrent_in",
  memoryAfter: "recurrent_out",
} as const;

/**
 * Reads the bytes of the file `path`. Throws a UserError for files that are no
 * whole ONNX models, and for models that do not keep the contract with Unity.
 */
export function readUnityModel(
  bytes: Uint8Array,
  path: string,
): ReadUnityModel {
  const model = decodeModel(bytes, path);
  return new ContractReader(model, path).read();
}

/** How much of a file's own words a message shows. */
const longestText = 300;

/** The operator sets that Unity's readers take. */
const operatorSets = { first: 7, last: 15 } as const;

const observationName = /^(obs_\d+|vector_observation|visual_observation_\d+)$/;

/** Operators whose constants are learned, where they are more than a number. */
const learned = ["Gemm", "MatMul", "Conv", "LSTM", "Add", "Exp"];

class ContractReader {
  readonly #model: OnnxModel;
  readonly #path: string;
  readonly #graph: GraphReader;

  constructor(model: OnnxModel, path: string) {
    this.#model = model;
    this.#path = path;
    this.#graph = new GraphReader(model.graph);
  }

  read(): ReadUnityModel {
    this.#checkNames();
    const { producerName, producerVersion } = this.#model;
    const version = this.#version();
    const masks = this.#input(unityNames.masks);
    const isDeclaredContinuous = this.#numbers("is_continuous_control")?.[0];
    const discrete = this.#outputs(
      "discrete_actions",
      isDeclaredContinuous === 0,
    );
    const continuous = this.#outputs(
      "continuous_actions",
      isDeclaredContinuous === 1,
    );
    const branches = this.#branches(discrete);
    const total = branches.reduce((sum, size) => sum + size, 0);
    if (masks && masks[0] !== total) {
      throw this.#refusal({
        what: "the branches of the model's actions contradict its masks",
        found: `branches of ${branches.join(", ") || "none"}, masks of ` +
          `${masks[0]} choices`,
      });
    }
    const outputs = [continuous, discrete]
      .flatMap(({ sampled, deterministic }) => [sampled, deterministic])
      .filter((name) => name !== null);
    if (outputs.length === 0) {
      throw this.#refusal({
        what: "the model gives no actions",
        found: `outputs ${this.#outputNames().join(", ")}`,
        allowed: "continuous_actions, discrete_actions or both",
      });
    }
    return {
      path: this.#path,
      version,
      producer: `${producerName} ${producerVersion}`.trim() || "unknown",
      operatorSet: this.#operatorSet(),
      observations: this.#observations(),
      continuousSize: this.#continuousSize(continuous),
      discreteBranches: version === 3 ? branches : null,
      branchTotal: total,
      takesMasks: masks !== null,
      memorySize: this.#memorySize(),
      continuous,
      discrete,
      parameterCount: this.#countParameters(outputs),
      model: this.#model,
      graph: this.#graph,
    };
  }

  /** Files of the time before PyTorch look different in every part. */
  #checkNames(): void {
    const names = [
      ...this.#graph.inputs.map(({ name }) => name),
      ...this.#outputNames(),
    ];
    const old = names.find((name) => name.endsWith(":0"));
    if (old === undefined) return;
    throw this.#refusal({
      what: "models of TensorFlow trainers are not supported",
      found: `"${old}"`,
    });
  }

  #operatorSet(): number {
    const { opsetImport, graph } = this.#model;
    const isPlain = (domain = "") => ["", "ai.onnx"].includes(domain);
    const foreign = graph.node.find(({ domain }) => !isPlain(domain));
    if (foreign) {
      throw this.#refusal({
        what: "the model uses operators that Unity does not have",
        found: `${foreign.opType} of ${foreign.domain}`,
      });
    }
    const { version = 0 } = opsetImport.find(({ domain }) => isPlain(domain)) ??
      {};
    const { first, last } = operatorSets;
    if (version >= first && version <= last) return version;
    throw this.#refusal({
      what: "the model uses another operator set",
      found: version === 0
        ? opsetImport.map(({ domain }) => domain).join(", ")
        : `${version}`,
      allowed: `${first} to ${last} of ai.onnx`,
    });
  }

  #version(): ContractVersion {
    const [version] = this.#numbers("version_number") ?? [];
    if (version === 2 || version === 3) return version;
    throw this.#refusal(
      version === undefined
        ? {
          what: "this is no model of ML-Agents: it tells no version_number",
          found: `inputs ${
            this.#graph.inputs.map(({ name }) => name).join(", ") || "none"
          }; outputs ${this.#outputNames().join(", ") || "none"}`,
        }
        : {
          what: "the model has another version_number",
          found: `${version}`,
          allowed: "2 or 3",
        },
    );
  }

  #observations(): ModelObservation[] {
    const { masks, memoryBefore } = unityNames;
    const observations: ModelObservation[] = [];
    for (const { name } of this.#graph.inputs) {
      if (name === masks || name === memoryBefore) continue;
      if (!observationName.test(name)) {
        throw this.#refusal({
          what: "the model has an input that nothing is known of",
          found: `"${name}"`,
          allowed: "observations, action_masks and recurrent_in",
        });
      }
      observations.push({ name, shape: this.#input(name) ?? [] });
    }
    if (observations.length > 0) return observations;
    throw this.#refusal({ what: "the model observes nothing" });
  }

  /** By its name of today, or as early models of version 2 have it. */
  #outputs(name: string, isOnlyKind: boolean): ActionOutputs {
    const deterministic = `deterministic_${name}`;
    return {
      sampled: this.#computes(name)
        ? name
        : isOnlyKind && this.#computes("action")
        ? "action"
        : null,
      deterministic: this.#computes(deterministic) ? deterministic : null,
    };
  }

  /** In version 2 their sum alone, as if there were one branch. */
  #branches({ sampled, deterministic }: ActionOutputs): readonly number[] {
    if (sampled === null && deterministic === null) return [];
    const sizes = this.#numbers("discrete_action_output_shape") ??
      this.#numbers("action_output_shape") ?? [];
    if (sizes.length > 0 && sizes.every((size) => size >= 1)) return sizes;
    throw this.#refusal({
      what: "the model does not tell the sizes of its discrete actions",
      found: `${sizes.join(", ") || "no"} discrete_action_output_shape`,
    });
  }

  #continuousSize({ sampled, deterministic }: ActionOutputs): number {
    if (sampled === null && deterministic === null) return 0;
    const [size = 0] = this.#numbers("continuous_action_output_shape") ??
      this.#numbers("action_output_shape") ?? [];
    if (size >= 1) return size;
    throw this.#refusal({
      what: "the model does not tell how many continuous actions it gives",
      found: `${size} in continuous_action_output_shape`,
    });
  }

  /** The graph counts: some models tell a memory_size that they do not have. */
  #memorySize(): number {
    const sizes = this.#input(unityNames.memoryBefore);
    if (!sizes) return 0;
    if (sizes.length === 2 && this.#computes(unityNames.memoryAfter)) {
      return sizes[1];
    }
    throw this.#refusal({
      what: "the model's memory is not whole",
      found: `recurrent_in [batch, ${sizes.join(", ")}], outputs ` +
        this.#outputNames().join(", "),
      allowed: "recurrent_in [batch, 1, memory_size] and recurrent_out",
    });
  }

  #countParameters(outputs: readonly string[]): number {
    const names = new Set(
      this.#graph.ancestors(outputs)
        .filter(({ opType }) => learned.includes(opType))
        .flatMap(({ input }) => input),
    );
    let count = 0;
    for (const name of names) {
      const constant = this.#graph.constant(name);
      if (!constant || constant.dims.length === 0) continue;
      const { data } = constant;
      const wrong = data.find((value) => !Number.isFinite(value));
      if (wrong !== undefined) {
        throw this.#refusal({
          what: `the weights "${name}" are not all finite numbers`,
          found: `${wrong}`,
        });
      }
      count += data.length;
    }
    return count;
  }

  /** Sizes of a float32 input without the batch; null if there is none. */
  #input(name: string): readonly number[] | null {
    const info = this.#graph.inputs.find((each) => each.name === name);
    if (!info) return null;
    const sizes = sizesOf(info);
    const isFloat = info.type.tensorType.elemType === OnnxType.float32;
    // A sensor may give an empty vector.
    const smallest = sizes.length === 1 ? 0 : 1;
    const areKnown = sizes.every((size) => size >= smallest);
    if (isFloat && sizes.length > 0 && areKnown) return sizes;
    throw this.#refusal({
      what: `the input ${name} has an unknown form`,
      found: `type ${info.type.tensorType.elemType}, [batch, ${
        sizes.map((size) => size < 0 ? "?" : size).join(", ")
      }]`,
      allowed: "float32 with all sizes but the batch",
    });
  }

  /** Whether there is an output of that name, and something behind it. */
  #computes(name: string): boolean {
    return this.#outputNames().includes(name) &&
      this.#graph.producer(name) !== undefined;
  }

  /** What an output always says. */
  #numbers(name: string): readonly number[] | undefined {
    if (!this.#outputNames().includes(name)) return;
    const constant = this.#graph.constant(name);
    return constant && Array.from(constant.data, Number);
  }

  #outputNames(): string[] {
    return this.#model.graph.output.map(({ name }) => name);
  }

  #refusal(problem: Problem): UserError {
    return new UserError({
      cure: "Use a model that ML-Agents 0.20 or later, or this program, has " +
        "written.",
      ...problem,
      what: plainText(problem.what, longestText),
      ...problem.found !== undefined &&
        { found: plainText(problem.found, longestText) },
      place: { file: this.#path },
    });
  }
}

/** Sizes behind the batch; -1 where they are open. */
function sizesOf({ type }: OnnxValueInfo): number[] {
  return type.tensorType.shape.dim.slice(1)
    .map((dim) => "dimValue" in dim ? dim.dimValue : -1);
}

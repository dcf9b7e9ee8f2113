/** The action outputs of a model for Unity, by the version of the contract. */
import { type ActionSpec, branchTotal } from "../spec.ts";
import { type GraphWriter, makeValueInfo } from "./graph_writer.ts";
import type { ContractVersion } from "./model_inputs.ts";
import { OnnxType, type OnnxValueInfo } from "./onnx_schema.ts";

/** Names of the values that actions are made of. */
export interface ActionValues {
  /** Each `[batch, n]`, or what becomes that beside the other. */
  readonly gaussian?: Readonly<Record<"mean" | "logSigma", string>>;
  /** Probabilities `[batch, size]` of each branch. */
  readonly branches: readonly string[];
}

/** Writes a model's outputs and keeps the list of them. */
export class UnityOutputs {
  readonly #writer: GraphWriter;
  readonly #version: ContractVersion;
  readonly #actions: ActionSpec;
  readonly #actionLimit: number | null;
  readonly #infos: OnnxValueInfo[] = [];

  /**
   * Continuous samples are limited to `actionLimit` and scaled to -1..1; null
   * squashes them by tanh, the likeliest ones too (F-5).
   */
  constructor(
    writer: GraphWriter,
    version: ContractVersion,
    actions: ActionSpec,
    actionLimit: number | null,
  ) {
    this.#writer = writer;
    this.#version = version;
    this.#actions = actions;
    this.#actionLimit = actionLimit;
  }

  /** In the order in which they were written. */
  get infos(): readonly OnnxValueInfo[] {
    return this.#infos;
  }

  /** Version and memory, which come first. */
  writeHead(memorySize: number): void {
    this.#constant("version_number", [this.#version]);
    this.#constant("memory_size", [memorySize]);
  }

  writeActions({ gaussian, branches }: ActionValues): void {
    if (gaussian) this.#writeContinuous(gaussian);
    if (branches.length > 0) {
      if (this.#version === 3) this.#writeChoices(branches);
      else this.#writeLogarithms(branches);
    }
    if (this.#version === 2) this.#writeOnlyKind();
  }

  /** The memory after a decision comes last. */
  add(info: OnnxValueInfo): void {
    this.#infos.push(info);
  }

  /** Sampled values, and in version 3 deterministic ones. */
  #writeContinuous({ mean, logSigma }: NonNullable<ActionValues["gaussian"]>) {
    const writer = this.#writer;
    const noise = writer.emit("RandomNormalLike", [mean]);
    const sigma = writer.emit("Exp", [logSigma]);
    const draw = writer.emit("Mul", [sigma, noise]);
    const sample = writer.emit("Add", [mean, draw]);
    const limit = this.#actionLimit;
    const narrow = limit === null
      ? (raw: string, output: string) =>
        writer.emit("Tanh", [raw], {}, { output })
      : this.#scaling(limit);
    const give = (raw: string, output: string) => {
      narrow(raw, output);
      this.#declare(output, "float32", this.#actions.continuousSize);
    };
    give(sample, names.continuous);
    this.#constant(`continuous_${shapeEnding}`, [this.#actions.continuousSize]);
    if (this.#version === 3) give(mean, `deterministic_${names.continuous}`);
  }

  #scaling(limit: number): (raw: string, output: string) => void {
    const writer = this.#writer;
    const scale = writer.addInitializer("float32", Float32Array.of(limit), []);
    return (raw, output) => {
      const clipped = writer.emit("Clip", [raw], {
        min: { float: -limit },
        max: { float: limit },
      });
      writer.emit("Div", [clipped, scale], {}, { output });
    };
  }

  /** Drawn and likeliest index of every branch, side by side. */
  #writeChoices(branches: readonly string[]): void {
    const writer = this.#writer;
    const { discreteBranches: sizes } = this.#actions;
    const drawn = branches.map((probabilities) =>
      writer.emit("Multinomial", [writer.emit("Log", [probabilities])], {
        dtype: { int: OnnxType.int64 },
        sample_size: { int: 1 },
      })
    );
    this.#join(drawn, names.discrete);
    this.#declare(names.discrete, "int64", sizes.length);
    this.#constant(`discrete_${shapeEnding}`, sizes, [1, sizes.length]);
    const likeliest = branches.map((probabilities) =>
      writer.emit("ArgMax", [probabilities], {
        axis: { int: 1 },
        keepdims: { int: 1 },
      })
    );
    const output = `deterministic_${names.discrete}`;
    this.#join(likeliest, output);
    this.#declare(output, "int64", sizes.length);
  }

  /** Version 2: log probabilities of all branches, from which Unity draws. */
  #writeLogarithms(branches: readonly string[]): void {
    const logarithms = branches.map((probabilities) =>
      this.#writer.emit("Log", [probabilities])
    );
    const total = branchTotal(this.#actions);
    this.#join(logarithms, names.discrete);
    this.#declare(names.discrete, "float32", total);
    this.#constant(`discrete_${shapeEnding}`, [total]);
  }

  /** Version 2: the same again for packages that know one kind of actions. */
  #writeOnlyKind(): void {
    const { continuousSize } = this.#actions;
    const total = branchTotal(this.#actions);
    if (continuousSize > 0 && total > 0) return;
    const isContinuous = continuousSize > 0;
    const source = isContinuous ? names.continuous : names.discrete;
    const width = continuousSize + total;
    this.#writer.emit("Identity", [source], {}, { output: "action" });
    this.#declare("action", "float32", width);
    this.#constant("is_continuous_control", [isContinuous ? 1 : 0]);
    this.#constant(shapeEnding, [width]);
  }

  #join(values: readonly string[], output: string): void {
    this.#writer.emit("Concat", values, { axis: { int: 1 } }, { output });
  }

  #constant(
    name: string,
    values: readonly number[],
    shape: readonly number[] = [1],
  ): void {
    const data = Float32Array.from(values);
    const value = this.#writer.addInitializer("float32", data, shape);
    this.#writer.emit("Identity", [value], {}, { output: name });
    this.add(makeValueInfo(name, "float32", shape));
  }

  #declare(name: string, type: "float32" | "int64", width: number): void {
    this.add(makeValueInfo(name, type, ["batch", width]));
  }
}

const names = {
  continuous: "continuous_actions",
  discrete: "discrete_actions",
} as const;

/** How the names of outputs end that tell sizes. */
const shapeEnding = "action_output_shape";

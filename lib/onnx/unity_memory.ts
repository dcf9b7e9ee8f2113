/**
 * The LSTM of a Unity model, operator by operator as Unity's own models have
 * it: readers of older packages know an LSTM by the operators around it.
 */
import { lstmWeights, type Recurrence } from "../nn/lstm.ts";
import { input } from "../tensor/build.ts";
import { evaluateConstant } from "../tensor/interpret.ts";
import { isOp, type Node, staticDim } from "../tensor/operation.ts";
import { makeValueInfo } from "./graph_writer.ts";
import type { LoweringContext } from "./lowering_rules.ts";
import type { OnnxValueInfo } from "./onnx_schema.ts";

/** Batch and time change places. */
const timeFirst = { perm: { ints: [1, 0, 2] } };

/** A memory of `size` values between a policy's body and its heads. */
export class UnityMemory {
  readonly size: number;
  /** The memory before a decision, `[batch, 1, size]`. */
  readonly before: Node<"input">;
  /** What the layer says, `[batch, size / 2]`, as the heads read it. */
  readonly output: Node<"input">;
  #scope: Parameters<Recurrence>[0] | undefined;
  #code: Node | undefined;

  constructor(size: number) {
    this.size = size;
    this.before = input("recurrent_in", ["batch", 1, size]);
    this.output = input("/memory/output", ["batch", size / 2]);
  }

  /** Takes the layer's place in the policy. Weights are constants. */
  readonly remember: Recurrence = (scope, code) => {
    this.#scope = scope;
    this.#code = code;
    return this.output;
  };

  /** What the layer reads, `[batch, inputs]`; known after `remember`. */
  get code(): Node {
    if (!this.#code) throw new TypeError("the policy has no memory");
    return this.#code;
  }

  /**
   * Writes the layer, which reads `code`, and returns the declaration of the
   * memory after the decision.
   */
  write({ writer, nameOf }: LoweringContext, code: Node): OnnxValueInfo {
    if (!this.#scope) throw new TypeError("the policy has no memory");
    const hidden = this.size / 2;
    const inputs = staticDim(code.shape[1]);
    const weights = lstmWeights(this.#scope, inputs, hidden);
    const rows = writer.emit("Reshape", [
      nameOf(code),
      writer.integers([-1, 1, inputs]),
    ]);
    const steps = writer.emit("Transpose", [rows], timeFirst);
    const memory = writer.emit("Transpose", [nameOf(this.before)], timeFirst);
    const half = (start: number, end: number) =>
      writer.emit("Slice", [memory], {
        axes: { ints: [2] },
        starts: { ints: [start] },
        ends: { ints: [end] },
      });
    const bias = new Float32Array(8 * hidden);
    bias.set(evaluateConstant(weights.bias));
    const constants = [
      { data: transposed(weights.input), dims: [1, 4 * hidden, inputs] },
      { data: transposed(weights.recurrent), dims: [1, 4 * hidden, hidden] },
      { data: bias, dims: [1, 8 * hidden] },
    ].map(({ data, dims }) => writer.addInitializer("float32", data, dims));
    const results = ["all", "hidden", "cell"].map((hint) =>
      writer.freshName(hint)
    );
    writer.emitAll(
      "LSTM",
      [steps, ...constants, "", half(0, hidden), half(hidden, this.size)],
      results,
      { hidden_size: { int: hidden } },
    );
    const [all, ...states] = results;
    const said = writer.emit("Squeeze", [all], { axes: { ints: [1] } });
    writer.emit(
      "Reshape",
      [
        writer.emit("Transpose", [said], timeFirst),
        writer.integers([-1, hidden]),
      ],
      {},
      { output: nameOf(this.output) },
    );
    const after = writer.emit("Concat", states, { axis: { int: -1 } });
    const name = "recurrent_out";
    writer.emit("Transpose", [after], timeFirst, { output: name });
    return makeValueInfo(name, "float32", ["batch", 1, this.size]);
  }
}

/** A constant matrix `[rows, columns]` as `[columns, rows]`. */
function transposed(node: Node): Float32Array {
  if (!isOp(node, "constant")) throw new TypeError("weights must be constants");
  const [rows, columns] = node.shape.map(staticDim);
  const { data } = node.attributes;
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[j * rows + i] = data[i * columns + j];
    }
  }
  return result;
}
